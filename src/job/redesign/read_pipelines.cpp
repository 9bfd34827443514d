// kind = "redesign": reads the stages of a pipeline: which machine holds which layers.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <unordered_map>

#include "job/redesign/read_redesign.hpp"
#include "job/units.hpp"
#include "motley/core/text.hpp"

namespace motley::job {
namespace {

const Member& key_of(const Value& root, const DesignSpec& design, const char* key) {
    return *root.find("design")->value.find(design.name)->value.find(key);
}

/// Vertices by name; 7 and 007 are the same where both are numbers.
class VertexNames {
  public:
    explicit VertexNames(const topology::Topology& topology) : names_(topology.names()) {
        for (int v = 0; v < topology.agents(); ++v) numbers_.emplace(name(v), v);
    }

    /// The vertex, or -1.
    int find(std::string_view name) const {
        auto found = numbers_.find(std::string(name));
        std::int64_t number = 0;
        if (found == numbers_.end() && parse_number(name, number) == NumberFault::none) {
            found = numbers_.find(std::to_string(number));
        }
        return found == numbers_.end() ? -1 : found->second;
    }

    std::string name(int vertex) const {
        return names_.empty() ? std::to_string(vertex) : names_[static_cast<std::size_t>(vertex)];
    }

  private:
    std::vector<std::string> names_;
    std::unordered_map<std::string, int> numbers_;
};

/// Reads the file of one design.
class StageReader {
  public:
    StageReader(Redesign& redesign, const DesignSpec& design, const TaskClass& task,
                const topology::Topology& topology)
        : redesign_(redesign),
          design_(design),
          task_(task),
          topology_(topology),
          names_(topology),
          file_(design.stages),
          rows_(file_),
          node_(rows_.require("node")),
          first_(rows_.require("first")),
          last_(rows_.require("last")),
          rate_(rows_.find("rate")),
          device_(rows_.find("device")),
          unit_(rows_.find("unit")) {}

    DesignPipeline read() {
        DesignPipeline out;
        out.model.layers = static_cast<int>(task_.layers);
        out.model.partial = design_.partial.value_or(true);
        while (rows_.next()) {
            const serving::Stage stage = {vertex(), layer(first_, "first") - 1,
                                          layer(last_, "last") - 1, rate_at(vertex())};
            if (stage.first > stage.last) {
                throw wrong(first_, fmt::format("the stage begins with layer {} and ends with "
                                                "layer {}: first must not be above last",
                                                stage.first + 1, stage.last + 1));
            }
            const auto [before, fresh] = lines_.emplace(stage.vertex, rows_.line().line());
            if (!fresh) {
                throw wrong(node_, fmt::format("{} has a stage in line {} already: a machine holds "
                                               "one run of layers",
                                               quote(rows_.field(node_).text), before->second));
            }
            out.model.stages.push_back(stage);
            out.types.push_back(type());
            out.nodes.push_back(names_.name(stage.vertex));
        }
        if (out.model.stages.empty()) {
            throw input_error("there is no stage in it", {design_.stages, 1, 1});
        }
        return out;
    }

    /// The line of the stage at a vertex, 0 where there is none.
    std::int64_t line_of(int vertex) const {
        const auto found = lines_.find(vertex);
        return found == lines_.end() ? 0 : found->second;
    }
    const VertexNames& names() const { return names_; }

  private:
    Error wrong(std::size_t column, const std::string& what) const {
        return rows_.line().error(what, rows_.field(column).column);
    }

    int vertex() const {
        const Field& name = rows_.field(node_);
        const int vertex = names_.find(name.text);
        if (vertex < 0) {
            throw wrong(node_, fmt::format("'design.{}.topology' has no vertex {}", design_.name,
                                           quote(name.text)));
        }
        if (vertex >= topology_.hosts()) {
            throw wrong(node_, fmt::format("{} is a switch, which passes on and holds no layers",
                                           quote(name.text)));
        }
        return vertex;
    }

    int layer(std::size_t column, const char* what) const {
        const std::int64_t layer = rows_.line().to_integer(rows_.field(column), what);
        if (layer >= 1 && layer <= task_.layers) return static_cast<int>(layer);
        throw wrong(column, fmt::format("{} is layer {}, but 'task.{}.layers' is {}: layers are "
                                        "counted from 1 to {}",
                                        what, layer, task_.name, task_.layers, task_.layers));
    }

    /// The rate in the unit of the demand: that of the row, and at most the capacity of the vertex.
    double rate_at(int vertex) {
        const double capacity = topology_.vertex_capacity(vertex);
        if (rate_ && !rows_.field(*rate_).text.empty()) {
            const double rate = rows_.line().to_double(rows_.field(*rate_), "rate");
            if (rate < 0.0) {
                throw wrong(*rate_, fmt::format("rate {} is negative; a stage that is down has 0",
                                                quote(rows_.field(*rate_).text)));
            }
            return std::min(rate * unit_factor(), capacity);
        }
        if (std::isfinite(capacity)) return capacity;
        throw wrong(
            rate_ ? *rate_ : node_,
            fmt::format("stage {} has no rate: give it in a column 'rate', or as 'capacity' "
                        "of the vertex in the topology's node_file",
                        quote(rows_.field(node_).text)));
    }

    double unit_factor() {
        if (!unit_ || rows_.field(*unit_).text.empty()) return 1.0;
        const Field& field = rows_.field(*unit_);
        const auto unit = parse_rate_unit(field.text);
        if (!unit) {
            throw wrong(*unit_, fmt::format("unit {} is no amount of work per time; write one as "
                                            "tokens/s, requests/min or ktokens/s",
                                            quote(field.text)));
        }
        const auto demanded = parse_rate_unit(task_.unit);
        std::string& base = redesign_.pipeline_base;
        if (demanded) base = demanded->base;
        if (base.empty()) base = unit->base;
        if (base != unit->base) {
            throw wrong(*unit_, fmt::format("the rate is in {}, but the demand of '{}' in {}: give "
                                            "both in one unit",
                                            unit->base, task_.name, base));
        }
        return unit->factor / (demanded ? demanded->factor : 1.0);
    }

    std::size_t type() const {
        std::vector<std::string> known;
        for (const DeviceType& each : redesign_.devices) known.push_back(each.name);
        if (!device_) {
            if (known.size() == 1) return 0;
            throw input_error(fmt::format("the header has no column 'device', but the job has the "
                                          "devices {}: say which one each stage is",
                                          list(known)),
                              {design_.stages, 1, 1});
        }
        const Field& name = rows_.field(*device_);
        const auto found = std::ranges::find(known, name.text);
        if (found != known.end()) return static_cast<std::size_t>(found - known.begin());
        throw wrong(*device_,
                    fmt::format("the job has no [device.{}]; it has {}", name.text, list(known)));
    }

    Redesign& redesign_;
    const DesignSpec& design_;
    const TaskClass& task_;
    const topology::Topology& topology_;
    VertexNames names_;
    TextFile file_;
    CsvReader rows_;
    std::size_t node_, first_, last_;
    std::optional<std::size_t> rate_, device_, unit_;
    std::map<int, std::int64_t> lines_;  ///< of the stage of each vertex
};

/// Runs of layers that no stage with a rate holds: "5 to 8, 12".
std::string unheld(const serving::Pipeline& pipeline) {
    std::vector<char> held(static_cast<std::size_t>(pipeline.layers), 0);
    for (const serving::Stage& stage : pipeline.stages) {
        if (!(stage.rate > 0.0)) continue;
        std::fill(held.begin() + stage.first, held.begin() + stage.last + 1, char{1});
    }
    std::string text;
    for (std::size_t l = 0; l < held.size(); ++l) {
        if (held[l] != 0) continue;
        std::size_t end = l;
        while (end + 1 < held.size() && held[end + 1] == 0) ++end;
        text += text.empty() ? "" : ", ";
        text += end > l ? fmt::format("{} to {}", l + 1, end + 1) : std::to_string(l + 1);
        l = end;
    }
    return text;
}

void set_coordinator(const DesignSpec& design, const StageReader& reader,
                     const topology::Topology& topology, const Value& root, Findings& findings,
                     DesignPipeline& pipeline) {
    if (design.coordinator.empty()) return;
    const Position place = key_of(root, design, "coordinator").value.place;
    const int vertex = reader.names().find(design.coordinator);
    const std::string key = fmt::format("'design.{}.coordinator'", design.name);
    if (vertex < 0) {
        findings.add(place,
                     fmt::format("{}: the topology has no vertex \"{}\"", key, design.coordinator));
    } else if (vertex >= topology.hosts()) {
        findings.add(place, fmt::format("{}: \"{}\" is a switch; it must be a host", key,
                                        design.coordinator));
    } else if (reader.line_of(vertex) > 0) {
        findings.add(place,
                     fmt::format("{}: \"{}\" has a stage in line {} of {}: the coordinator "
                                 "holds no layers; give it a vertex of its own",
                                 key, design.coordinator, reader.line_of(vertex), design.stages));
    }
    pipeline.model.coordinator = vertex;
}

/// Capacities of vertices are rates of stages; of others nobody could say what they mean.
void check_capacities(const DesignSpec& design, const StageReader& reader,
                      const topology::Topology& topology, const Value& root, Findings& findings) {
    const int coordinator =
        design.coordinator.empty() ? -1 : reader.names().find(design.coordinator);
    for (int v = 0; v < topology.agents(); ++v) {
        if (!std::isfinite(topology.vertex_capacity(v)) || reader.line_of(v) > 0) continue;
        const bool idle = v < topology.hosts() && v != coordinator;
        if (idle) continue;
        findings.add(key_of(root, design, "topology").place,
                     fmt::format("'design.{}.topology' gives \"{}\" a capacity, but only a stage "
                                 "has one, its rate: leave it out, or limit the links",
                                 design.name, reader.names().name(v)));
    }
}

/// Where the fleet is given too, it must be that of the stages.
void check_fleet(const Redesign& redesign, const DesignSpec& design, const DesignPipeline& pipeline,
                 const Value& root, Findings& findings) {
    if (design.fleet.empty()) return;
    for (std::size_t d = 0; d < redesign.devices.size(); ++d) {
        const std::string& name = redesign.devices[d].name;
        const auto given =
            std::ranges::find(design.fleet, name, [](auto& each) { return each.first; });
        const double wanted = given == design.fleet.end() ? 0.0 : given->second.value;
        const auto held = std::ranges::count(pipeline.types, d);
        if (wanted == static_cast<double>(held)) continue;
        findings.add(key_of(root, design, "fleet").value.place,
                     fmt::format("'design.{}.fleet' has {:g} {}, but {} of its stages are that: "
                                 "leave the fleet out, it follows from the stages",
                                 design.name, wanted, name, held));
    }
}

void read_design(Redesign& redesign, const DesignSpec& design, const TaskClass& task,
                 const Value& root, Findings& findings) {
    const auto topology = topology::make(*design.topology);
    StageReader reader(redesign, design, task, *topology);
    DesignPipeline pipeline = reader.read();
    set_coordinator(design, reader, *topology, root, findings, pipeline);
    check_capacities(design, reader, *topology, root, findings);
    check_fleet(redesign, design, pipeline, root, findings);
    const std::string missing = unheld(pipeline.model);
    if (!missing.empty()) {
        findings.add(key_of(root, design, "stages").value.place,
                     fmt::format("'design.{}.stages': no stage with a rate above 0 holds layers {} "
                                 "of {}, so that nothing passes",
                                 design.name, missing, task.layers));
    }
    redesign.pipelines.push_back(std::move(pipeline));
}

}  // namespace

void read_pipelines(Redesign& redesign, const Value& root, Findings& findings) {
    const auto task =
        std::ranges::find_if(redesign.tasks, [](const TaskClass& each) { return each.layers > 0; });
    if (task == redesign.tasks.end()) return;
    for (const DesignSpec& design : redesign.designs) {
        try {
            read_design(redesign, design, *task, root, findings);
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::usage) throw;
            findings.add(key_of(root, design, "topology").place,
                         fmt::format("'design.{}.topology': {}", design.name, error.what()));
        }
    }
}

fleet::Fleet fleet_of(const Redesign& redesign, std::size_t design) {
    fleet::Fleet fleet(redesign.devices.size(), 0.0);
    if (!redesign.pipelines.empty()) {
        for (const std::size_t type : redesign.pipelines[design].types) fleet[type] += 1.0;
        return fleet;
    }
    for (const auto& [name, count] : redesign.designs[design].fleet) {
        const auto found = std::ranges::find(redesign.devices, name, &DeviceType::name);
        fleet[static_cast<std::size_t>(found - redesign.devices.begin())] = count.value;
    }
    return fleet;
}

double fluid_rate(const Redesign& redesign, std::size_t type) {
    double most = 0.0;
    for (const DesignPipeline& pipeline : redesign.pipelines) {
        double sum = 0.0, count = 0.0;
        for (std::size_t s = 0; s < pipeline.types.size(); ++s) {
            if (pipeline.types[s] != type) continue;
            const serving::Stage& stage = pipeline.model.stages[s];
            sum += stage.rate * (stage.last - stage.first + 1) / pipeline.model.layers;
            count += 1.0;
        }
        if (count > 0.0) most = std::max(most, sum / count);
    }
    return most;
}

}  // namespace motley::job
