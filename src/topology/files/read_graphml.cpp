// GraphML through Boost.Graph. The graph is directed or not as the job file says (spec.directed);
// what the file says by edgedefault does not count, for editors write "directed" whatever is meant.
#include <algorithm>
#include <boost/graph/graphml.hpp>
#include <filesystem>
#include <sstream>
#include <unordered_set>

#include "topology/files/edge_table.hpp"
#include "topology/files/graphml_filter.hpp"

namespace motley::topology {
namespace {

constexpr std::uintmax_t most_bytes = std::uintmax_t{64} << 20;

/// Values of an edge property. Of a key that is not declared numeric they count only if all are
/// numbers.
struct EdgeValues {
    std::vector<std::pair<std::uint32_t, double>> values;  ///< edge, value; the last one holds
    bool usable = true;
};

/// Receives what boost::read_graphml finds: every property is text, and vertices and edges are
/// numbered in the order of the file.
class GraphReceiver : public boost::mutate_graph {
  public:
    GraphReceiver(const TextFile& file, std::int64_t nodes) : file_(file), nodes_(nodes) {}

    bool is_directed() const override { return true; }
    boost::any do_add_vertex() override;
    std::pair<boost::any, bool> do_add_edge(boost::any source, boost::any target) override;
    void set_graph_property(const std::string&, const std::string&, const std::string&) override {}
    void set_vertex_property(const std::string& name, boost::any vertex, const std::string& value,
                             const std::string& type) override;
    void set_edge_property(const std::string& name, boost::any edge, const std::string& value,
                           const std::string& type) override;

    EdgeTable finish(const Spec& spec);

  private:
    void apply(const EdgeValues& values, double Edge::*member, double most, const char* what);

    const TextFile& file_;
    std::int64_t nodes_;
    std::vector<std::string> ids_, labels_, names_;
    std::vector<Edge> edges_;
    EdgeValues weights_, survivals_;
};

boost::any GraphReceiver::do_add_vertex() {
    if (std::ssize(ids_) == nodes_) {
        throw input_error("the edge names a node that the file does not have",
                          place_of_element(file_, "edge", std::ssize(edges_)));
    }
    ids_.emplace_back();
    labels_.emplace_back();
    names_.emplace_back();
    return static_cast<std::uint32_t>(ids_.size() - 1);
}

std::pair<boost::any, bool> GraphReceiver::do_add_edge(boost::any source, boost::any target) {
    Edge edge;
    edge.source = boost::any_cast<std::uint32_t>(source);
    edge.target = boost::any_cast<std::uint32_t>(target);
    edges_.push_back(edge);
    return {boost::any(static_cast<std::uint32_t>(edges_.size() - 1)), true};
}

void GraphReceiver::set_vertex_property(const std::string& name, boost::any vertex,
                                        const std::string& value, const std::string&) {
    const auto at = boost::any_cast<std::uint32_t>(vertex);
    if (name == graphml::label) labels_[at] = value;
    if (name == graphml::name) names_[at] = value;
    if (name != graphml::id) return;
    if (!ids_[at].empty()) {
        throw input_error("node id " + quote(value) + " stands there twice",
                          place_of_element(file_, "node", std::ssize(ids_)));
    }
    ids_[at] = value;
}

void GraphReceiver::set_edge_property(const std::string& name, boost::any edge,
                                      const std::string& value, const std::string& type) {
    const auto at = boost::any_cast<std::uint32_t>(edge);
    EdgeValues& column = name == graphml::weight ? weights_ : survivals_;
    double number = 0.0;
    const NumberFault fault = parse_number(trim(value), number);
    if (fault == NumberFault::none) {
        column.values.emplace_back(at, number);
        return;
    }
    if (type == "int" || type == "long" || type == "float" || type == "double") {
        throw input_error(describe(fault, name, value), place_of_element(file_, "edge", at));
    }
    column.usable = false;
}

void GraphReceiver::apply(const EdgeValues& column, double Edge::*member, double most,
                          const char* what) {
    if (!column.usable) return;
    for (const auto& [edge, value] : column.values) edges_[edge].*member = value;
    const auto bad = std::ranges::find_if(
        edges_, [&](const Edge& e) { return !(e.*member > 0.0 && e.*member <= most); });
    if (bad != edges_.end()) {
        throw input_error(what, place_of_element(file_, "edge", bad - edges_.begin()));
    }
}

/// Line breaks and tabs become blanks, for names stand in CSV files.
void put_on_one_line(std::string& text) {
    std::ranges::replace_if(
        text, [](unsigned char c) { return c < 32; }, ' ');
}

bool are_names(const std::vector<std::string>& texts) {
    std::unordered_set<std::string_view> seen;
    return std::ranges::all_of(texts, [&](const std::string& text) {
        return !trim(text).empty() && seen.insert(text).second;
    });
}

EdgeTable GraphReceiver::finish(const Spec& spec) {
    for (Edge& edge : edges_) edge.survival = spec.survival;
    apply(weights_, &Edge::weight, std::numeric_limits<double>::max(),
          "weight of the edge must be greater than 0");
    apply(survivals_, &Edge::survival, 1.0, "survival of the edge must lie in (0, 1]");
    for (auto* column : {&labels_, &names_, &ids_}) {
        for (std::string& text : *column) put_on_one_line(text);
    }
    EdgeTable table;
    table.agents = std::ssize(ids_);
    table.undirected = !spec.directed;
    table.edges = std::move(edges_);
    table.names = std::move(are_names(labels_) ? labels_ : are_names(names_) ? names_ : ids_);
    return table;
}

}  // namespace

EdgeTable read_graphml(const Spec& spec) {
    std::error_code no_size;
    const std::uintmax_t bytes = std::filesystem::file_size(spec.file, no_size);
    if (!no_size && bytes > most_bytes) {
        throw input_error(
            "GraphML files of more than 64 MB take too much memory to parse; convert "
            "the graph to an edge list or to CSV",
            {spec.file});
    }
    const TextFile file(spec.file);
    const FilteredGraphml filtered = filter_graphml(file);
    GraphReceiver receiver(file, filtered.nodes);
    std::istringstream in(filtered.xml);
    try {
        boost::read_graphml(in, receiver, 0);
    } catch (const Error&) {
        throw;
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception& error) {
        throw input_error(std::string("Boost.Graph cannot read this GraphML: ") + error.what(),
                          {spec.file});
    }
    return receiver.finish(spec);
}

}  // namespace motley::topology
