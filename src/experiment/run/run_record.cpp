// Reads the files of a finished run.
#include <cmath>
#include <filesystem>

#include "attack_files.hpp"
#include "motley/core/text.hpp"
#include "motley/experiment/run/run_report.hpp"

namespace motley::experiment {
namespace {

namespace fs = std::filesystem;

/// A number of a series; "nan" and "inf" become NaN.
double series_number(const CsvReader& table, std::size_t column) {
    const Field& field = table.field(column);
    double value = 0.0;
    const NumberFault fault = parse_number(field.text, value);
    if (fault == NumberFault::not_finite) return std::numeric_limits<double>::quiet_NaN();
    if (fault == NumberFault::none) return value;
    throw table.line().error(
        describe(fault, table.header()[column].text, field.text) + "; it was not written by motley",
        field.column);
}

std::vector<record::SeriesColumn> read_series(const std::string& path) {
    const TextFile file(path);
    CsvReader table(file);
    std::vector<record::SeriesColumn> columns;
    for (const auto& field : table.header())
        columns.push_back({std::string(field.text), "", "", {}});
    while (table.next()) {
        for (std::size_t c = 0; c < columns.size(); ++c) {
            columns[c].values.push_back(series_number(table, c));
        }
    }
    return columns;
}

}  // namespace

RunRecord read_run(const std::string& directory) {
    const fs::path folder(directory);
    for (const char* file : {"status.json", "series.csv"}) {
        std::error_code ignored;
        if (fs::is_regular_file(folder / file, ignored)) continue;
        throw input_error(std::string("no ") + file +
                              ": this is not the folder of a finished run (a run writes "
                              "<output.directory>/<name>)",
                          {directory});
    }
    const std::string path = (folder / "status.json").string();
    RunRecord run;
    run.status = record::status_from_json(std::string(TextFile(path).text()), path);
    if (run.status.state != record::JobState::done) {
        throw input_error("the run is not done" +
                              (run.status.message.empty() ? "" : ": " + run.status.message) +
                              "; run it again before it is reported",
                          {path});
    }
    const fs::path whole = fs::absolute(folder).lexically_normal();
    run.name = (whole.has_filename() ? whole : whole.parent_path()).filename().string();
    run.series = read_series((folder / "series.csv").string());
    const fs::path spatial = folder / "spatial.csv";
    if (fs::exists(spatial)) run.spatial = read_series(spatial.string());
    const fs::path skills = folder / "skills.csv";
    if (fs::exists(skills)) run.skills = read_series(skills.string());
    const fs::path attacks = folder / "attacks.csv";
    if (fs::exists(attacks)) run.attacks = read_attacks(TextFile(attacks.string()));
    return run;
}

}  // namespace motley::experiment
