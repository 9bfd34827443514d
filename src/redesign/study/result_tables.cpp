// A redesign as tables: the CSV files and redesign.h5.
#include <string>

#include "motley/redesign/study/result_columns.hpp"
#include "phases.hpp"

namespace motley::redesign {
namespace {

using record::Table;
using record::TableColumn;
using record::TableValue;

/// A table that is filled cell by cell, row by row; the first row makes the columns.
class TableFiller {
  public:
    explicit TableFiller(const char* name) : table_{name, "row", {}} {}

    template <class Row>
    void add(std::span<const ResultColumn<Row>> columns, const Row& row) {
        column_ = 0;
        for (const ResultColumn<Row>& column : columns) {
            const std::string name = column.head.name;
            if (name.empty()) continue;
            const ResultValue value = column.get.call(row);
            if (const auto* bracket = std::get_if<Bracket>(&value)) {
                put(name + "_low", column.head.unit, column.head.long_name, bracket->low);
                put(name + "_high", column.head.unit, column.head.high_name, bracket->high);
            } else if (is_text(value)) {
                put(name, column.head.unit, column.head.long_name, text_of(value));
            } else {
                put(name, column.head.unit, column.head.long_name, number_of(value));
            }
        }
    }
    Table take() { return std::move(table_); }

  private:
    void put(std::string name, const char* unit, const char* long_name, std::string text) {
        put({std::move(name), unit, long_name, TableColumn::Kind::text, {}},
            text.empty() ? TableValue() : TableValue(std::move(text)));
    }
    void put(std::string name, const char* unit, const char* long_name, double number) {
        put({std::move(name), unit, long_name, TableColumn::Kind::real, {}}, TableValue(number));
    }
    void put(TableColumn head, TableValue value) {
        if (column_ == table_.columns.size()) table_.columns.push_back(std::move(head));
        table_.columns[column_++].values.push_back(std::move(value));
    }

    Table table_;
    std::size_t column_ = 0;
};

Table designs_csv(const job::Redesign& job, const RedesignResult& result) {
    TableFiller table("designs");
    for (const DesignResult& design : result.designs) {
        table.add(design_columns(), DesignRow{job, result, design});
    }
    return table.take();
}

/// The devices of one type that work on one class.
struct AllocationRow {
    const job::Redesign& job;
    const DesignResult& design;
    std::size_t type, task;

    double devices() const {
        return design.throughput.allocated(type, task, job.problem.classes());
    }
    double rate() const { return job.problem.rate(type, task); }
    const std::string& source() const {
        return job.origins[type * job.problem.classes() + task].source;
    }
};
using A = const AllocationRow&;

constexpr ResultColumn<AllocationRow> allocations[] = {
    {{"design", "", "name"}, [](A r) { return r.design.name; }},
    {{"device", "", "type"}, [](A r) { return r.job.problem.devices[r.type].name; }},
    {{"task", "", "class"}, [](A r) { return r.job.problem.tasks[r.task].name; }},
    {{"devices", "devices", "that work on it"}, [](A r) { return r.devices(); }},
    {{"rate", "units/s", "of one device"}, [](A r) { return r.rate(); }},
    {{"served", "units/s", "together"}, [](A r) { return r.devices() * r.rate(); }},
    {{"unit", "", "of the rate"}, [](A r) { return r.job.units[r.task]; }},
    {{"source", "", "of the rate"},
     [](A r) { return r.source().empty() ? std::string("no source given") : r.source(); }},
};

Table allocation_csv(const job::Redesign& job, const RedesignResult& result) {
    const std::span<const ResultColumn<AllocationRow>> columns = allocations;
    TableFiller table("allocation");
    for (const DesignResult& design : result.designs) {
        if (design.network.pipeline) continue;  // its table is that of the stages
        for (std::size_t d = 0; d < job.problem.types(); ++d) {
            for (std::size_t k = 0; k < job.problem.classes(); ++k) {
                const AllocationRow row{job, design, d, k};
                if (row.devices() > 0.0) table.add(columns, row);
            }
        }
    }
    return table.take();
}

/// The loss of a device or a node of one type.
struct LossRow {
    const job::Redesign& job;
    const DesignResult& design;
    const char* lost;
    const fleet::Loss& loss;
};
using Lost = const LossRow&;

constexpr ResultColumn<LossRow> losses[] = {
    {{"design", "", "name"}, [](Lost r) { return r.design.name; }},
    {{"lost", "", "what"}, [](Lost r) { return std::string(r.lost); }},
    {{"device", "", "type"},
     [](Lost r) { return r.job.problem.devices[static_cast<std::size_t>(r.loss.type)].name; }},
    {{"theta", "1", "of what is left, work moved"}, [](Lost r) { return r.loss.theta; }},
    {{"theta_fixed", "1", "of what is left, allocation kept"},
     [](Lost r) { return r.loss.theta_fixed; }},
};

Table losses_csv(const job::Redesign& job, const RedesignResult& result) {
    const std::span<const ResultColumn<LossRow>> columns = losses;
    TableFiller table("losses");
    for (const DesignResult& design : result.designs) {
        const auto add = [&](const char* what, const std::vector<fleet::Loss>& all) {
            for (const fleet::Loss& loss : all) {
                table.add(columns, LossRow{job, design, what, loss});
            }
        };
        add("device", design.losses.devices);
        add("node", design.losses.nodes);
    }
    return table.take();
}

/// One level of the machine.
struct HeterogeneityRow {
    const DesignResult& design;
    std::string level;
    double heterogeneity, bound;
};
using H = const HeterogeneityRow&;

constexpr ResultColumn<HeterogeneityRow> heterogeneities[] = {
    {{"design", "", "name"}, [](H r) { return r.design.name; }},
    {{"level", "", "of the machine; type: the device types"}, [](H r) { return r.level; }},
    {{"heterogeneity", "nat", "of the allocation, given the levels outside"},
     [](H r) { return r.heterogeneity; }},
    {{"bound", "nat", "log(min(types, classes)); nan: none"}, [](H r) { return r.bound; }},
};

Table heterogeneity_csv(const RedesignResult& result) {
    const std::span<const ResultColumn<HeterogeneityRow>> columns = heterogeneities;
    TableFiller table("heterogeneity");
    for (const DesignResult& design : result.designs) {
        const Specialisation& all = design.specialisation;
        if (all.levels.empty()) continue;
        const auto add = [&](const std::string& level, double value, double bound) {
            table.add(columns, HeterogeneityRow{design, level, value, bound});
        };
        add("type", all.types, all.bound);
        for (const auto& level : all.levels) add(level.name, level.heterogeneity, fleet::unknown);
    }
    return table.take();
}

Table fabric_csv(const RedesignResult& result) {
    TableFiller table("fabric");
    for (const DesignResult& design : result.designs) {
        for (const FabricLoss& loss : design.network.losses) {
            table.add(fabric_loss_columns(), FabricLossRow{design, loss});
        }
    }
    return table.take();
}

Table workflows_csv(const RedesignResult& result) {
    TableFiller table("workflows");
    for (const DesignResult& design : result.designs) {
        for (const RequestResult& request : design.requests) {
            table.add(request_columns(), RequestRow{design, request});
        }
    }
    return table.take();
}

Table stages_csv(const job::Redesign& job, const RedesignResult& result) {
    TableFiller table("stages");
    for (const DesignResult& design : result.designs) {
        if (!design.network.pipeline) continue;
        for (const StageResult& stage : design.network.pipeline->stages) {
            table.add(stage_columns(), StageRow{job, design, stage});
        }
    }
    return table.take();
}

Table flips_csv(const job::Redesign& job, const RedesignResult& result) {
    TableFiller table("flips");
    for (const DesignResult& design : result.designs) {
        for (const FlipRow& row : flip_rows(job, result, design)) table.add(flip_columns(), row);
    }
    return table.take();
}

Table front_csv(const job::Redesign& job, const RedesignResult& result) {
    TableFiller table("front");
    for (const ParetoFleet& each : result.front) table.add(front_columns(), FrontRow{job, each});
    return table.take();
}

}  // namespace

std::vector<Table> redesign_tables(const job::Redesign& job, const RedesignResult& result) {
    std::vector<Table> tables = {
        designs_csv(job, result), allocation_csv(job, result), losses_csv(job, result),
        flips_csv(job, result),   fabric_csv(result),          heterogeneity_csv(result),
        stages_csv(job, result),  front_csv(job, result),      workflows_csv(result)};
    std::erase_if(tables, [](const Table& table) { return table.rows() == 0; });
    return tables;
}

}  // namespace motley::redesign
