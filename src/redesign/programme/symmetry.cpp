// Colour refinement of a linear programme: hashes of neighbourhoods split classes until none splits
// any more; the partition is then checked by sums, so that no hash is trusted.
#include "motley/redesign/programme/symmetry.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numeric>

#include "motley/core/error.hpp"

namespace motley::programme {
namespace {

constexpr double alike = 1e-11;
constexpr int most_rounds = 400;

/// A number without the bits that rounding may have changed.
std::uint64_t rounded_bits(double value) {
    if (value == 0.0 || std::isinf(value)) return std::bit_cast<std::uint64_t>(value + 0.0);
    int exponent = 0;
    const double mantissa = std::frexp(value, &exponent);
    return std::bit_cast<std::uint64_t>(std::ldexp(std::round(std::ldexp(mantissa, 40)), exponent));
}

/// The finaliser of SplitMix64 (G. Steele, D. Lea, C. Flood 2014, doi:10.1145/2660193.2660195).
std::uint64_t mixed(std::uint64_t x) {
    x += 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

std::uint64_t joined(std::uint64_t a, std::uint64_t b) {
    return mixed(a * 0x9e3779b97f4a7c15ULL + mixed(b));
}

/// The entries of the matrix by row or by column.
struct Lines {
    std::vector<std::size_t> offsets;
    std::vector<int> others;
    std::vector<double> values;

    std::size_t count() const { return offsets.size() - 1; }
};

Lines rows_of(const Programme& programme) {
    Lines lines{{0}, {}, {}};
    for (const Row& row : programme.rows) {
        for (const Term& term : row.terms) {
            if (term.coefficient == 0.0) continue;
            lines.others.push_back(term.variable);
            lines.values.push_back(term.coefficient);
        }
        lines.offsets.push_back(lines.others.size());
    }
    return lines;
}

Lines turned(const Lines& lines, std::size_t count) {
    Lines out{std::vector<std::size_t>(count + 1, 0), std::vector<int>(lines.others.size()),
              std::vector<double>(lines.values.size())};
    for (const int other : lines.others) out.offsets[static_cast<std::size_t>(other) + 1] += 1;
    std::partial_sum(out.offsets.begin(), out.offsets.end(), out.offsets.begin());
    auto fill = out.offsets;
    for (std::size_t line = 0; line < lines.count(); ++line) {
        for (std::size_t i = lines.offsets[line]; i < lines.offsets[line + 1]; ++i) {
            const std::size_t slot = fill[static_cast<std::size_t>(lines.others[i])]++;
            out.others[slot] = static_cast<int>(line);
            out.values[slot] = lines.values[i];
        }
    }
    return out;
}

/// Classes numbered in the order of their first members.
struct Classes {
    std::vector<int> of;
    std::vector<int> first;  ///< the first member of each class

    explicit Classes(const std::vector<std::uint64_t>& keys) : of(keys.size()) {
        std::vector<int> order(keys.size());
        std::iota(order.begin(), order.end(), 0);
        const auto key = [&](int i) { return keys[static_cast<std::size_t>(i)]; };
        std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return key(a) < key(b); });
        std::vector<int> head(keys.size());
        for (std::size_t i = 0; i < order.size(); ++i) {
            const bool same = i > 0 && key(order[i]) == key(order[i - 1]);
            head[static_cast<std::size_t>(order[i])] =
                same ? head[static_cast<std::size_t>(order[i - 1])] : order[i];
        }
        for (std::size_t i = 0; i < keys.size(); ++i) {
            if (head[i] == static_cast<int>(i)) {
                of[i] = static_cast<int>(first.size());
                first.push_back(static_cast<int>(i));
            } else {
                of[i] = of[static_cast<std::size_t>(head[i])];
            }
        }
    }
};

/// One round: the class of a line and the classes and coefficients of what it meets.
Classes refined(const Lines& lines, const std::vector<std::uint64_t>& value_keys,
                const Classes& own, const Classes& met) {
    std::vector<std::uint64_t> keys(lines.count());
    for (std::size_t line = 0; line < lines.count(); ++line) {
        std::uint64_t sum = 0;
        for (std::size_t i = lines.offsets[line]; i < lines.offsets[line + 1]; ++i) {
            const int other = met.of[static_cast<std::size_t>(lines.others[i])];
            sum += joined(static_cast<std::uint64_t>(other), value_keys[i]);
        }
        keys[line] = joined(static_cast<std::uint64_t>(own.of[line]), sum);
    }
    return Classes(keys);
}

std::vector<std::uint64_t> keys_of(const std::vector<double>& values) {
    std::vector<std::uint64_t> keys(values.size());
    std::ranges::transform(values, keys.begin(), rounded_bits);
    return keys;
}

/// Adds up the coefficients of a line by class; only touched entries are set back.
class ClassSums {
  public:
    explicit ClassSums(std::size_t classes) : sums_(classes, 0.0) {}

    void add(const Lines& lines, int line, const Classes& met, double sign) {
        const auto at = static_cast<std::size_t>(line);
        for (std::size_t i = lines.offsets[at]; i < lines.offsets[at + 1]; ++i) {
            const int other = met.of[static_cast<std::size_t>(lines.others[i])];
            sums_[static_cast<std::size_t>(other)] += sign * lines.values[i];
            largest_ = std::max(largest_, std::abs(lines.values[i]));
            touched_.push_back(other);
        }
    }

    /// Sorted classes with their sums; the object is empty afterwards.
    std::vector<Term> take() {
        std::ranges::sort(touched_);
        touched_.erase(std::unique(touched_.begin(), touched_.end()), touched_.end());
        std::vector<Term> terms;
        for (const int other : touched_) {
            const double sum = std::exchange(sums_[static_cast<std::size_t>(other)], 0.0);
            if (std::abs(sum) > alike * largest_) terms.push_back({other, sum});
        }
        touched_.clear();
        largest_ = 0.0;
        return terms;
    }

  private:
    std::vector<double> sums_;
    std::vector<int> touched_;
    double largest_ = 0.0;
};

/// Whether all lines of a class have the same sums over the classes that they meet.
bool even(const Lines& lines, const Classes& own, const Classes& met) {
    ClassSums sums(met.first.size());
    for (std::size_t line = 0; line < lines.count(); ++line) {
        const int head = own.first[static_cast<std::size_t>(own.of[line])];
        if (head == static_cast<int>(line)) continue;
        sums.add(lines, static_cast<int>(line), met, 1.0);
        sums.add(lines, head, met, -1.0);
        if (!sums.take().empty()) return false;
    }
    return true;
}

Classes first_classes(const std::vector<ProgrammeVariable>& variables) {
    std::vector<std::uint64_t> keys;
    for (const ProgrammeVariable& each : variables) {
        if (each.integer) throw internal_error("symmetry: only linear programmes are reduced");
        keys.push_back(joined(joined(rounded_bits(each.low), rounded_bits(each.high)),
                              rounded_bits(each.cost)));
    }
    return Classes(keys);
}

Classes first_classes(const std::vector<Row>& rows) {
    std::vector<std::uint64_t> keys;
    for (const Row& row : rows)
        keys.push_back(joined(rounded_bits(row.low), rounded_bits(row.high)));
    return Classes(keys);
}

Classes alone(std::size_t count) {
    std::vector<std::uint64_t> keys(count);
    std::iota(keys.begin(), keys.end(), std::uint64_t{0});
    return Classes(keys);
}

std::vector<double> sizes(const Classes& classes) {
    std::vector<double> count(classes.first.size(), 0.0);
    for (const int each : classes.of) count[static_cast<std::size_t>(each)] += 1.0;
    return count;
}

Reduction quotient(const Programme& full, const Lines& rows, Classes variables, Classes limits) {
    Reduction out;
    out.programme.sense = full.sense;
    out.class_sizes = sizes(variables);
    out.row_sizes = sizes(limits);
    for (std::size_t q = 0; q < variables.first.size(); ++q) {
        ProgrammeVariable variable = full.variables[static_cast<std::size_t>(variables.first[q])];
        variable.cost *= out.class_sizes[q];
        out.programme.add(std::move(variable));
    }
    ClassSums sums(variables.first.size());
    for (const int head : limits.first) {
        const Row& row = full.rows[static_cast<std::size_t>(head)];
        sums.add(rows, head, variables, 1.0);
        out.programme.add(Row{row.low, row.high, sums.take(), row.name});
    }
    out.variable_class = std::move(variables.of);
    out.row_class = std::move(limits.of);
    return out;
}

}  // namespace

Reduction reduce(const Programme& programme) {
    const Lines rows = rows_of(programme);
    const Lines columns = turned(rows, programme.variables.size());
    const auto row_keys = keys_of(rows.values), column_keys = keys_of(columns.values);
    Classes variables = first_classes(programme.variables), limits = first_classes(programme.rows);
    bool rest = false;
    for (int round = 0; round < most_rounds && !rest; ++round) {
        Classes finer = refined(rows, row_keys, limits, variables);
        Classes finest = refined(columns, column_keys, variables, finer);
        rest = finer.first.size() == limits.first.size() &&
               finest.first.size() == variables.first.size();
        limits = std::move(finer);
        variables = std::move(finest);
    }
    if (!rest || !even(rows, limits, variables) || !even(columns, variables, limits)) {
        variables = alone(programme.variables.size());
        limits = alone(programme.rows.size());
    }
    return quotient(programme, rows, std::move(variables), std::move(limits));
}

ProgrammeSolution Reduction::lift(const ProgrammeSolution& reduced) const {
    ProgrammeSolution out = reduced;
    if (!reduced.found) return out;
    out.values.resize(variable_class.size());
    out.reduced_costs.resize(variable_class.size());
    for (std::size_t v = 0; v < variable_class.size(); ++v) {
        const auto q = static_cast<std::size_t>(variable_class[v]);
        out.values[v] = reduced.values[q];
        out.reduced_costs[v] = reduced.reduced_costs[q] / class_sizes[q];
    }
    out.duals.resize(row_class.size());
    for (std::size_t r = 0; r < row_class.size(); ++r) {
        const auto p = static_cast<std::size_t>(row_class[r]);
        out.duals[r] = reduced.duals[p] / row_sizes[p];
    }
    return out;
}

ProgrammeSolution solve_by_symmetry(const Programme& programme, const SolverOptions& options) {
    const Reduction reduction = reduce(programme);
    return reduction.lift(solve(reduction.programme, options));
}

}  // namespace motley::programme
