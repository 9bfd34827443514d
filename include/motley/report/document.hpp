// A report: text, tables and figures as one self-contained HTML file that opens offline, works
// with script off and prints. The same document gives the same bytes everywhere.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace motley::report {

inline constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// How the numbers of a column are written.
struct NumberFormat {
    enum class Notation {
        general,     ///< `digits` significant digits, whole numbers in full
        fixed,       ///< `digits` behind the point
        scientific,  ///< `digits` behind the point of the mantissa
        percent      ///< 100 v with `digits` behind the point and %
    };
    Notation notation = Notation::general;
    int digits = 6;
    bool plus = false;  ///< a + before positive numbers
};

/// `value` as text; "–" where it is not finite.
std::string format_number(double value, const NumberFormat& format = {});

/// A cell of a table: a number (in the format of its column), or a text with its sorting key.
struct PageCell {
    PageCell(double number) : value(number), is_number(true) {}
    PageCell(std::string words, double sort_by = missing)
        : text(std::move(words)), value(sort_by) {}
    PageCell(const char* words) : text(words) {}

    std::string text;
    double value =
        missing;  ///< the number, or the key by which a text is sorted; missing: the text itself
    bool is_number = false;
};

struct PageColumn {
    std::string name;
    std::string unit = {};  ///< empty: none
    bool numeric = false;   ///< aligned to the right
    NumberFormat format = {};
};

struct PageTable {
    std::string title;
    std::string caption;
    std::vector<PageColumn> columns;
    std::vector<std::vector<PageCell>> rows;  ///< each as long as `columns`
    bool sortable = true;
};

enum class Scale { linear, logarithmic };

struct Axis {
    std::string label;
    std::string unit = {};  ///< empty: none
    Scale scale = Scale::linear;
    std::optional<double> low = {}, high = {};  ///< ends of the axis; empty: from the data
    bool from_zero = false;                     ///< linear: 0 is on the axis (bars: always)
    /// Names of the categories x = 0, 1, ...; empty: x is a number. Only for the x axis.
    std::vector<std::string> categories = {};
};

/// NaN, infinite and (on logarithmic axes) not positive coordinates leave a gap.
struct ChartPoint {
    double x = 0.0;
    double y = 0.0;
    double low = missing, high = missing;  ///< interval around y: error bar, or band of a long line
    std::string label = {};                ///< shown with the point's values
};

enum class Look { automatic, line, points, line_and_points };

struct ChartSeries {
    std::string name;
    std::vector<ChartPoint> points;
    Look look = Look::automatic;  ///< chosen by the kind of the chart
    /// Number of its colour, dashes and marker, which no other series of the chart may have; -1:
    /// its place in the chart. Charts that show the same thing give it the same style.
    int style = -1;
};

/// A vertical line at `x`, for instance xi. It has the colour of `series` unless that is -1.
struct Mark {
    double x = 0.0;
    std::string label;
    int series = -1;
};

/// A horizontal line at `y`, for instance H(D). The legend names it.
struct Reference {
    double y = 0.0;
    std::string label;
};

enum class ChartKind { line, scatter, bars };

struct Chart {
    ChartKind kind = ChartKind::line;
    std::string title;
    std::string caption = {};
    Axis x, y;
    std::vector<ChartSeries> series;
    std::vector<Mark> marks = {};
    std::vector<Reference> references = {};
    bool wide = false;  ///< the whole width of the page instead of half
    /// Series stand a few pixels apart sideways, so that intervals at one x do not cover each
    /// other.
    bool apart = false;
};

/// A picture of a network. Up to `largest_drawn` vertices it is drawn with its edges, above that
/// as a matrix of link densities. Vertices `hosts` ... `nodes` - 1 are switches.
struct NetworkPicture {
    static constexpr std::int64_t largest_drawn = 400;
    static constexpr int cells = 128;  ///< the density has cells x cells entries

    std::string title;
    std::string caption = {};
    std::int64_t nodes = 0;
    std::int64_t hosts = 0;
    std::int64_t links = 0;  ///< directed arcs of the network, as they are counted in tables
    std::vector<std::pair<std::int64_t, std::int64_t>> edges = {};
    /// One (x, y) per vertex in any unit, y upwards; empty: a layout is computed.
    std::vector<std::array<double, 2>> positions = {};
    /// Row-major by source and target: share of the pairs that are linked; empty: from `edges`.
    std::vector<double> density = {};
};

/// A fabric with the load of its links. Hosts of a switch are one box with their number; switches
/// stand in layers by their distance to the hosts, or on a ring where all of them have hosts or
/// all vertices are hosts. Of more than `largest_drawn` switches (of a graph of hosts: hosts)
/// those with the busiest links are drawn, and the caption says so.
struct FabricPicture {
    static constexpr std::size_t largest_drawn = 64;

    struct Vertex {
        std::string name;
        bool host = false;
    };
    /// One direction of a link; of the two the one of the larger load per capacity is drawn.
    struct Channel {
        int source = 0, target = 0;  ///< indices of vertices
        double load = 0.0;           ///< >= 0, in the unit of the picture
        double capacity = 1.0;       ///< > 0, in the same unit
    };

    std::string title;
    std::string caption = {};
    std::string unit = {};  ///< of loads and capacities, for instance GB/s; empty: none
    std::vector<Vertex> vertices = {};
    std::vector<Channel> channels = {};
};

/// Computes the density of a graph from its arcs, one by one, so that they need not be kept.
class Density {
  public:
    explicit Density(std::int64_t nodes);
    /// The cell of a vertex, from 0 to NetworkPicture::cells - 1.
    std::int64_t cell_of(std::int64_t vertex) const {
        // Exact, and several times faster than a division of integers: the quotient is at most
        // `cells`, and is further from the next integer than its rounding, 1 / nodes.
        return static_cast<std::int64_t>(static_cast<double>(vertex * NetworkPicture::cells) /
                                         static_cast<double>(nodes_));
    }
    void add(std::int64_t source, std::int64_t target) {
        add_between(cell_of(source), cell_of(target));
    }
    /// Adds an arc between vertices of two cells.
    void add_between(std::int64_t source_cell, std::int64_t target_cell) {
        ++arcs_[static_cast<std::size_t>(source_cell * NetworkPicture::cells + target_cell)];
    }
    /// Arcs by cell, so that parts of a graph can be added up.
    std::span<std::int64_t> arcs() { return arcs_; }
    /// Cells x cells: arcs divided by the ordered pairs of two vertices in the cell.
    std::vector<double> shares() const;

  private:
    std::int64_t nodes_;
    std::vector<std::int64_t> arcs_;
};

using Item = std::variant<PageTable, Chart, NetworkPicture, FabricPicture>;

struct Section {
    std::string heading;
    std::vector<std::string> paragraphs = {};
    std::vector<Item> items = {};
};

struct Document {
    std::string title;
    std::vector<std::string> abstract = {};  ///< paragraphs below the title
    std::vector<Section> sections = {};
    std::vector<std::pair<std::string, std::string>> provenance = {};
};

/// The whole document. Internal error where a row is not as long as its table is wide, or a graph
/// names a vertex that it does not have, or a load or capacity of a fabric is out of its range.
std::string to_html(const Document& document);

/// A figure as a file of its own: SVG with its title, white background.
std::string to_svg(const Chart& chart);
std::string to_svg(const NetworkPicture& graph);
std::string to_svg(const FabricPicture& fabric);

}  // namespace motley::report
