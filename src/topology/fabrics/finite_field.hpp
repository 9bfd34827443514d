// Arithmetic in the finite field of q elements, q a power of a prime.
#pragma once

#include <cstdint>
#include <vector>

namespace motley::topology {

struct PrimePower {
    std::int64_t prime = 0;
    int exponent = 0;  ///< 0: not the power of a prime
};
PrimePower prime_power(std::int64_t q);

/// Elements are 0, ..., q - 1; to the base of the prime, the digits of an element are the
/// coefficients of a polynomial over the integers modulo the prime. The polynomials are taken
/// modulo a primitive one, found by trial (Lidl, Niederreiter, Finite Fields, 1997, chapter 3): x
/// generates the multiplicative group.
class FiniteField {
  public:
    using Element = std::int64_t;

    /// `size` must be the power of a prime.
    explicit FiniteField(std::int64_t size);

    std::int64_t size() const { return size_; }
    Element add(Element a, Element b) const;
    Element negative(Element a) const;
    Element multiply(Element a, Element b) const {
        if (a == 0 || b == 0) return 0;
        return power(logarithms_[static_cast<std::size_t>(a)] +
                     logarithms_[static_cast<std::size_t>(b)]);
    }
    /// The generator to the power of `exponent` >= 0.
    Element power(std::int64_t exponent) const {
        return powers_[static_cast<std::size_t>(exponent % (size_ - 1))];
    }

  private:
    /// Fills `powers_` by x modulo (x^n + the digits of `low`); false when x does not generate.
    bool generate(std::int64_t low);
    /// Returns a + factor b, computed digit by digit; 0 <= factor < prime.
    Element combine(Element a, std::int64_t factor, Element b) const;

    std::int64_t size_;
    PrimePower kind_;
    std::vector<Element> powers_;           ///< q - 1 entries
    std::vector<std::int64_t> logarithms_;  ///< q entries; that of 0 is not used
};

}  // namespace motley::topology
