#include "priced_options.hpp"

#include <algorithm>
#include <cmath>

#include "rounding.hpp"

namespace motley::fleet {
namespace {

class ChosenOptions {
  public:
    ChosenOptions(const Problem& problem, const std::vector<Option>& options,
                  std::span<const double> served)
        : options_(options),
          served_(served),
          chosen_(options.size(), false),
          of_type_(problem.types()),
          of_class_(problem.classes()) {
        for (std::size_t i = 0; i < options.size(); ++i) {
            of_type_[options[i].type].push_back(i);
            of_class_[options[i].task].push_back(i);
        }
    }

    std::vector<std::size_t> numbers() const {
        std::vector<std::size_t> out;
        for (std::size_t i = 0; i < chosen_.size(); ++i) {
            if (chosen_[i]) out.push_back(i);
        }
        return out;
    }

    /// Prices at which no class is much too cheap. The options that are the best of their type on
    /// the second half of the way are chosen.
    std::vector<double> find_prices() {
        constexpr int steps = 60;
        constexpr double first_step = 0.3;
        std::vector<double> prices(of_class_.size(), 0.0), best = prices;
        for (std::size_t i = 0; i < options_.size(); ++i) prices[options_[i].task] += served_[i];
        for (double& price : prices) price = 1.0 / price;
        double least = unlimited;
        for (int step = 0; step < steps; ++step) {
            std::vector<double> served(prices.size(), 0.0);
            double bound = 0.0, sum = 0.0;
            for (const double price : prices) sum += price;
            for (const std::vector<std::size_t>& all : of_type_) {
                if (all.empty()) continue;
                const std::size_t i = *std::ranges::max_element(
                    all, {}, [&](std::size_t o) { return worth(o, prices); });
                served[options_[i].task] += served_[i];
                bound += worth(i, prices) / sum;
                if (2 * step >= steps) chosen_[i] = true;
            }
            if (bound < least) {
                least = bound;
                best = prices;
            }
            const double rate = first_step / std::sqrt(1.0 + step);
            for (std::size_t k = 0; k < prices.size(); ++k) {
                prices[k] *= std::exp(-rate * std::min(2.0, served[k] / bound - 1.0));
            }
        }
        return best;
    }

    /// The best few of each type, and of each class by what their types are worth.
    void choose_best(const std::vector<double>& prices) {
        std::vector<double> types(of_type_.size(), 0.0);
        for (std::size_t i = 0; i < options_.size(); ++i) {
            double& type = types[options_[i].type];
            type = std::max(type, worth(i, prices));
        }
        for (const auto& all : of_type_) {
            mark_best(
                all, [&](std::size_t i) { return worth(i, prices); }, chosen_);
        }
        for (const auto& all : of_class_) {
            mark_best(
                all, [&](std::size_t i) { return served_[i] / types[options_[i].type]; }, chosen_);
        }
    }

    /// Chooses the best few of each type that are worth more than their type. False: there are
    /// none.
    bool choose_better(const OptionPrices& prices) {
        bool any = false;
        for (std::size_t d = 0; d < of_type_.size(); ++d) {
            std::vector<std::size_t> better;
            for (const std::size_t i : of_type_[d]) {
                const bool worth_it =
                    worth(i, prices.classes) > prices.types[d] * (1.0 + rounding) + 1e-12;
                if (worth_it && !chosen_[i]) better.push_back(i);
            }
            any = any || !better.empty();
            mark_best(
                better, [&](std::size_t i) { return worth(i, prices.classes); }, chosen_);
        }
        return any;
    }

  private:
    double worth(std::size_t option, const std::vector<double>& prices) const {
        return prices[options_[option].task] * served_[option];
    }

    const std::vector<Option>& options_;
    std::span<const double> served_;
    std::vector<bool> chosen_;
    std::vector<std::vector<std::size_t>> of_type_, of_class_;
};

}  // namespace

std::vector<std::size_t> options_that_matter(const Problem& problem,
                                             const std::vector<Option>& options,
                                             std::span<const double> served,
                                             const SolveOver& solve) {
    ChosenOptions chosen(problem, options, served);
    chosen.choose_best(chosen.find_prices());
    for (;;) {
        std::vector<std::size_t> numbers = chosen.numbers();
        const OptionPrices prices = solve(numbers);
        if (prices.classes.empty() || !chosen.choose_better(prices)) return numbers;
    }
}

}  // namespace motley::fleet
