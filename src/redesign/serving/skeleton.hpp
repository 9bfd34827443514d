// The part of the programme that all routings share: time, hand-over within devices, nodes and
// racks, and the links of hosts.
#pragma once

#include <array>
#include <map>
#include <vector>

#include "core_graph.hpp"
#include "layout.hpp"
#include "motley/redesign/programme/programme.hpp"

namespace motley::serving {

/// Variables of a flow at a cell, -1: it has none.
struct Ends {
    int self = -1;
    int node_out = -1, node_in = -1;
    int out = -1, in = -1;  ///< to the fabric and from it
};

/// A row of capacity, of one channel or of the alike channels of a cell.
struct CapacityRow {
    int row = 0;
    double capacity = 0.0;
    std::vector<int> channels;  ///< empty: ports inside nodes
};

/// The programme is in units in which theta is at most 1; `scale` leads back.
struct Skeleton {
    Skeleton(const fabric::FabricGraph& graph, const System& system, const Layout& layout,
             const CoreGraph& core, const Options& options);

    int add_variable(double most, double cost = 0.0);
    void add_term(int row, int variable, double coefficient);
    int add_row(double low, double high);

    programme::Programme programme;
    double scale = 0.0;           ///< 0: a class is not served
    std::vector<int> class_rows;  ///< per class
    std::vector<int> activities;  ///< variable of each activity
    std::vector<double> most;     ///< per activity: most units
    std::vector<Ends> ends;       ///< flows x cells
    std::vector<CapacityRow> capacities;
    std::vector<int> channel_row;  ///< per channel, -1: none

    /// Where flows enter and leave the core of the fabric: per flow and vertex, variables, with the
    /// most that they can be in sum. Empty where hand-over stays in racks.
    struct Site {
        std::vector<int> variables;
        double most = 0.0;
    };
    std::vector<std::map<int, Site>> sources, sinks;
    /// Traffic of groups through the core: per pair of vertices, (variable, amount per unit). Empty
    /// where ECMP fixes its loads.
    std::map<std::pair<int, int>, std::vector<programme::Term>> pairs;

  private:
    void add_activities();
    void add_capacities();
    void add_limits();
    void add_flows();
    void add_flow(int number);
    Ends add_ends(int flow, int cell, double sent, double taken);
    void add_hubs(int flow);
    void add_rack(int flow);
    void add_traffic();
    void load_ecmp(std::size_t activity);
    void load_pairs(std::size_t activity);

    const fabric::FabricGraph& graph_;
    const System& system_;
    const Layout& layout_;
    const CoreGraph& core_;
    const Options& options_;
    std::vector<int> node_out_rows_, node_in_rows_;  ///< per cell
};

}  // namespace motley::serving
