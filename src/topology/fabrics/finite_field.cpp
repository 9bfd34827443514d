// Primitive polynomials by trial, and tables of powers and logarithms.
#include "topology/fabrics/finite_field.hpp"

#include "motley/core/error.hpp"

namespace motley::topology {

PrimePower prime_power(std::int64_t q) {
    if (q < 2) return {};
    std::int64_t prime = 2;
    while (prime * prime <= q && q % prime != 0) ++prime;
    if (prime * prime > q) return {q, 1};
    int exponent = 0;
    for (; q % prime == 0; q /= prime) ++exponent;
    return q == 1 ? PrimePower{prime, exponent} : PrimePower{};
}

FiniteField::FiniteField(std::int64_t size) : size_(size), kind_(prime_power(size)) {
    if (kind_.exponent == 0) throw internal_error("a finite field of no prime power");
    std::int64_t low = 1;
    while (low < size_ && !generate(low)) ++low;
    logarithms_.assign(static_cast<std::size_t>(size_), 0);
    for (std::int64_t k = 0; k < size_ - 1; ++k) {
        logarithms_[static_cast<std::size_t>(powers_[static_cast<std::size_t>(k)])] = k;
    }
}

bool FiniteField::generate(std::int64_t low) {
    if (low % kind_.prime == 0) return false;  // x would divide the polynomial
    const std::int64_t leading = size_ / kind_.prime;
    powers_.clear();
    Element element = 1;
    do {
        powers_.push_back(element);
        const std::int64_t top = element / leading;
        element = combine(element % leading * kind_.prime, (kind_.prime - top) % kind_.prime, low);
    } while (element != 1);
    return static_cast<std::int64_t>(powers_.size()) == size_ - 1;
}

FiniteField::Element FiniteField::combine(Element a, std::int64_t factor, Element b) const {
    Element sum = 0;
    for (std::int64_t place = 1; place < size_; place *= kind_.prime) {
        const std::int64_t digit = a / place + factor * (b / place % kind_.prime);
        sum += digit % kind_.prime * place;
    }
    return sum;
}

FiniteField::Element FiniteField::add(Element a, Element b) const {
    return combine(a, 1, b);
}

FiniteField::Element FiniteField::negative(Element a) const {
    return combine(0, kind_.prime - 1, a);
}

}  // namespace motley::topology
