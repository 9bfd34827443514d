// The keys of [model] in the job file: parameters of the production system and its environment.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "motley/model/change_rules.hpp"
#include "motley/model/skill_space.hpp"

namespace motley::model {

/// How the rows of capability, resource or demand are given or drawn.
struct Distribution {
    enum class Kind { constant, uniform, lognormal, dirichlet, zipf, weights, file, skill };
    Kind kind = Kind::constant;
    double value = 1.0;        ///< constant
    double sigma = 0.3;        ///< lognormal: exp(sigma normal) per entry
    double group_sigma = 0.0;  ///< lognormal: + group_sigma normal(group, task), shared by a group
    std::int64_t groups = 1;   ///< contiguous groups of agents of even size, in id order
    double exponent = 1.0;     ///< zipf: weight of task k is (k + 1)^-exponent
    double concentration = 1.0;     ///< dirichlet, per agent (or per group when groups > 1)
    std::vector<double> weights{};  ///< one per task
    std::string file{};             ///< CSV or HDF5 table by agent name or id
    // skill: `groups` are those of the centres
    SkillSpace::Shape space = SkillSpace::Shape::line;
    SkillSpace::Centres centres = SkillSpace::Centres::even;
    std::vector<double> centre{0.5};  ///< of all, x and y in [0, 1]
    double breadth = 0.1;             ///< standard deviation, in sides of the space
    double area = 0.0;                ///< sum over the tasks of an agent's capabilities; 0: K
    std::vector<Bump> bumps{};        ///< given: every agent has their sum, no bump of its own
};

/// A change of the demand, which is drawn or read again at `step`.
struct DemandChange {
    std::int64_t step = 0;
    Distribution demand;
};

enum class Precision { double_, single };

/// What is maximised: sum_i u_i, or sum_i ln u_i.
enum class Welfare { sum, log };

/// The first allocation of an agent, over the tasks that it can do.
enum class FirstAllocation { even, demand, file };

/// With whom the reward of an agent is compared when resources grow.
enum class GrowthScope {
    global,  ///< all agents
    local,   ///< its neighbourhood
    group    ///< its innermost group in a nested topology
};

struct Spec {
    std::int64_t tasks = 8;   ///< K
    double openness = 0.9;    ///< lambda, [0, 1)
    double elasticity = 0.7;  ///< sigma, [0.05, 100]
    double returns = 1.0;     ///< gamma, > 0
    Precision precision = Precision::double_;
    Distribution capability{.kind = Distribution::Kind::lognormal};
    Distribution resource;
    Distribution demand{.kind = Distribution::Kind::uniform};
    std::vector<DemandChange> schedule;
    bool relay = true;               ///< agents pass on what they received, too
    Welfare welfare = Welfare::sum;  ///< what is maximised
    double openness_rate = 0.0;      ///< agents choose their openness at this speed
    double routing_rate = 0.0;       ///< agents choose their routing at this speed
    FirstAllocation allocation = FirstAllocation::even;
    std::string allocation_file{};  ///< CSV or HDF5 table by agent name or id
    double noise = 0.0;             ///< initial allocation: its shares times exp(noise normal)
    bool adapt = true;              ///< false: allocations stay as they are at the start
    double mutation = 0.0;   ///< eps: share of an allocation that is spread evenly in each step
    double migration = 0.0;  ///< d: share of its resource that an agent sends along its arcs
    std::string migration_level{};   ///< nested: along those of one level only
    double learning_rate = 0.0;      ///< mu
    double learning_exponent = 1.0;  ///< p
    LearningRule learning_rule = LearningRule::doing;
    double learning_floor = 0.0;  ///< phi
    double growth_rate = 0.0;     ///< rho
    GrowthScope growth_scope = GrowthScope::global;
    bool growth_conserve = false;  ///< growth keeps the total resource
    bool fallible = false;         ///< agents may lose resources and get them back
    bool arcs_change = false;      ///< arcs may close, open or be replaced
};

/// Resources change, so that they are part of the state.
inline bool resources_change(const Spec& spec) {
    return spec.growth_rate > 0.0 || spec.migration > 0.0;
}

}  // namespace motley::model
