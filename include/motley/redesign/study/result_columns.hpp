// The columns of a redesign's results. redesign.json, the CSV and HDF5 tables, the page and the
// terminal all use these tables, so that a new result is one new row in design_columns.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "motley/redesign/study/study.hpp"
#include "motley/report/document.hpp"

namespace motley::redesign {

/// The objects of redesign.json that have columns.
enum class JsonObject {
    none,  ///< the column is not in the file
    item,  ///< the object of the row itself
    throughput,
    gain,
    dynamics,
    network,
    network_losses,
    requests,
    pipeline,
    heterogeneity,
    n_minus_1,
    conditions,
    interval,
    flips
};

enum class ResultTable {
    none,
    verdict,
    designs,
    costs,
    gains,
    network,
    pipeline,
    fabric_losses,
    flips,
    requests,
    theory  ///< the appendix
};

/// A key that redesign.json leaves out where the result does not exist.
struct LeftOut {};
/// Numbers under the names of device types or task classes.
using NamedNumbers = std::vector<std::pair<std::string, double>>;
/// The worst single loss of a fleet; `type` is empty where nothing can be lost.
struct WorstLoss {
    fleet::Loss loss;
    std::string type;
};
/// monostate: a result that does not exist, null in redesign.json. JsonObject: the object of that
/// name is placed here.
using ResultValue = std::variant<std::monostate, LeftOut, JsonObject, bool, std::int64_t, double,
                                 std::string, Bracket, NamedNumbers, WorstLoss>;

/// "16 h100 + 8 l4" for named numbers, "yes" or "no", or the text itself.
std::string text_of(const ResultValue& value);
/// The number, or the theta of a loss; nan where there is none.
double number_of(const ResultValue& value);
bool is_text(const ResultValue& value);

/// A function of a row, made from a lambda without captures.
template <class Row>
struct ResultGetter {
    template <class Function>
    constexpr ResultGetter(Function)
        : call([](const Row& row) { return ResultValue(Function{}(row)); }) {
        static_assert(std::is_empty_v<Function>, "a getter is a lambda without captures");
    }

    ResultValue (*call)(const Row&);
};

/// A column of one kind of rows, and where each output shows it.
template <class Row>
struct ResultColumn {
    /// The column in CSV and HDF5. A bracket has two columns, <name>_low and <name>_high.
    struct Head {
        const char* name = "";  ///< empty: there is no such column
        const char* unit = "1";
        const char* long_name = "";
        const char* high_name = "upper end";  ///< long name of the upper end of a bracket
    };
    struct Json {
        JsonObject object = JsonObject::none;
        const char* key = "";
    };
    /// With a format the column has numbers, and a bracket has two columns; without one it has
    /// texts. The unit is that of the head unless `unit` is given.
    struct Page {
        ResultTable table = ResultTable::none;
        const char* heading = "";
        std::optional<report::NumberFormat> format = {};
        const char* unit = nullptr;
        const char* high_heading = "";  ///< heading of the upper end of a bracket
    };
    struct Terminal {
        const char* heading = nullptr;  ///< null: the terminal does not show it
        int digits = 3;                 ///< behind the point
    };

    Head head = {};
    ResultGetter<Row> get;
    Json json = {};
    Page page = {};
    Terminal terminal = {};
};

/// One design.
struct DesignRow {
    const job::Redesign& job;
    const RedesignResult& result;
    const DesignResult& design;
};
std::span<const ResultColumn<DesignRow>> design_columns();

/// The worst failure of one part of the fabric of a design.
struct FabricLossRow {
    const DesignResult& design;
    const FabricLoss& loss;
};
std::span<const ResultColumn<FabricLossRow>> fabric_loss_columns();

/// The requests of one workflow on one design.
struct RequestRow {
    const DesignResult& design;
    const RequestResult& request;
};
std::span<const ResultColumn<RequestRow>> request_columns();

/// A stage of a pipeline.
struct StageRow {
    const job::Redesign& job;
    const DesignResult& design;
    const StageResult& stage;
};
std::span<const ResultColumn<StageRow>> stage_columns();

/// A price or demand at which the best design changes.
struct FlipRow {
    enum class Kind {
        price,        ///< a price at which another design or the fleet of one type becomes better
        demand,       ///< a demand at which that happens
        fleet_price,  ///< a price at which any other fleet becomes cheaper than the searched one
    };
    std::string design;
    Kind kind = Kind::price;
    std::string of;  ///< the device type or the task class
    double nominal = 0.0, at = 0.0;
    ResultValue becomes;         ///< name of a design, or a fleet
    std::string text;            ///< as a sentence; empty for `fleet_price`
    std::optional<bool> proved;  ///< for `fleet_price`: whether every search was proved
};
std::vector<FlipRow> flip_rows(const job::Redesign& job, const RedesignResult& result,
                               const DesignResult& design);
std::span<const ResultColumn<FlipRow>> flip_columns();

/// A fleet of the Pareto front.
struct FrontRow {
    const job::Redesign& job;
    const ParetoFleet& fleet;
};
std::span<const ResultColumn<FrontRow>> front_columns();

/// The devices of a fleet under the names of their types; types without a device are left out.
NamedNumbers devices_by_type(const fleet::Problem& problem, const fleet::Fleet& fleet);

}  // namespace motley::redesign
