// Keys of the distributions from which capability, resource and demand are made.
#include <algorithm>

#include "job/keys.hpp"
#include "motley/job/job.hpp"

namespace motley::job {
namespace {

using Words = std::vector<std::string>;

/// The distributions in the order of Distribution::Kind.
const std::vector<Alternative>& distributions() {
    static const std::vector<Alternative> all = {
        // name, keys (! must be given), help
        {"value", "value!", "every entry has the same value"},
        {"uniform", "", "every task has the same weight"},
        {"lognormal", "sigma group_sigma groups",
         "every entry is exp(sigma normal), drawn by itself"},
        {"dirichlet", "concentration groups", "shares are drawn at random for each agent or group"},
        {"zipf", "exponent", "task k = 0, 1, ... has the weight (k + 1)^-exponent"},
        {"weights", "weights!", "each task has the weight that is listed for it"},
        {"file", "file!", "entries are read from a CSV or HDF5 table, by name or id of the agent"},
        {"skill", "space breadth centres centre groups area bumps",
         "tasks are points of a space of skills, agents or demands are bumps of the same area"},
    };
    return all;
}

const KeyTable& bump_table() {
    using B = model::Bump;
    static const KeyTable bump = table_of<B>(
        "distribution.bumps",
        {
            {"centre", numbers(&B::centre), "[0, 1]", "1", "place of its centre; two in a square"},
            {"breadth", number(&B::breadth), "(0, inf)", "1",
             "standard deviation, in sides of the space"},
            {"weight", number(&B::weight), "(0, inf)", "1", "weight among the bumps"},
        });
    return bump;
}

std::vector<Key> distribution_keys() {
    using D = model::Distribution;
    return {
        // name, bound to, range, unit, help
        {"value", number(&D::value), "(0, inf)", "1", "value of every entry"},
        {"sigma", number(&D::sigma), "[0, inf)", "1",
         "standard deviation of the logarithm of an entry"},
        {"group_sigma", number(&D::group_sigma), "[0, inf)", "1",
         "standard deviation of a part of the logarithm that all agents of a group share"},
        {"groups", integer(&D::groups), "[1, inf)", "groups",
         "number of groups of agents; groups are contiguous in id and of even size"},
        {"concentration", number(&D::concentration), "(0, inf)", "1",
         "concentration of the Dirichlet distribution; the smaller it is, the less even are the "
         "shares"},
        {"exponent", number(&D::exponent), "[0, inf)", "1", "exponent of the power law"},
        {"weights", numbers(&D::weights), "[0, inf)", "1", "list of weights, one per task"},
        {"file", file(&D::file), "", "",
         "path of a table with the columns `agent,<task 1>,<task 2>,...` or `agent,resource`"},
        {"space", choice(&D::space, {"line", "circle", "square"}), "", "",
         "where the tasks lie, evenly spread; a square has m x m of them"},
        {"breadth", number(&D::breadth), "(0, inf)", "1",
         "standard deviation of the bump of an agent, in sides of the space"},
        {"centres", choice(&D::centres, {"same", "random", "even", "groups"}), "", "",
         "all at `centre`, drawn, evenly spread by id, or evenly spread within each group"},
        {"centre", numbers(&D::centre), "[0, 1]", "1",
         "place of the common centre; two numbers in a square"},
        {"area", number(&D::area), "[0, inf)", "1",
         "sum of an agent's capabilities over the tasks; 0: the number of tasks"},
        {"bumps", tables(&D::bumps, bump_table()), "", "",
         "several bumps that every agent has, instead of one of its own"},
    };
}

/// A distribution that takes only the alternatives `names`.
KeyTable distribution_of(const Words& names, const char* title) {
    using D = model::Distribution;
    const Words all = names_of(distributions());
    KeyTable table{.title = title, .keys = {}, .defaults = std::make_shared<D>()};
    table.tag = "distribution";
    for (const std::string& each : names) {
        const auto index = std::ranges::find(all, each) - all.begin();
        table.alternatives.push_back(distributions()[static_cast<std::size_t>(index)]);
    }
    table.keys = {{table.tag, choice(&D::kind, all), "", "", "how the entries are made"}};
    for (const Key& key : distribution_keys()) {
        if (!table.common(key.name)) table.keys.push_back(key);
    }
    table.keys.front().binding.words = table.tags();
    table.selected = [all](const void* object) {
        return all[static_cast<std::size_t>(static_cast<const D*>(object)->kind)];
    };
    table.select = [all](void* object, const std::string& name) {
        const auto index = std::ranges::find(all, name) - all.begin();
        static_cast<D*>(object)->kind = static_cast<D::Kind>(index);
    };
    return table;
}

}  // namespace

const KeyTable& resource_table() {
    static const KeyTable resource =
        distribution_of({"value", "uniform", "lognormal", "file"}, "model.resource");
    return resource;
}

const KeyTable& distribution_table() {
    static const KeyTable distribution =
        distribution_of(names_of(distributions()), "distributions");
    return distribution;
}

}  // namespace motley::job
