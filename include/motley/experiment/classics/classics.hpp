// Classical results of four fields that the model holds: each is measured by jobs of jobs/classics
// and held against what the literature says.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "motley/mpi/communicator.hpp"
#include "motley/report/document.hpp"

namespace motley::experiment {

class ClassicJobs;
struct ClassicResult;

/// How a measured number must stand to its reference, both plus or minus the tolerance.
enum class Relation { equal, at_most, at_least };

/// A number of a result.
struct Finding {
    std::string quantity;  ///< in the words of the field
    double measured = 0.0;
    double reference = 0.0;  ///< by a closed form, a theorem, or an independent computation
    double tolerance = 0.0;  ///< absolute
    Relation relation = Relation::equal;

    bool holds() const;  ///< false where a number is not finite
};

/// A row of the table of results.
struct Classic {
    const char* id;     ///< "E1"
    const char* field;  ///< name of its preset (motley/job/preset.hpp)
    const char* title;
    const char* source;          ///< who found it, and when
    const char* job;             ///< its file in jobs/classics, without the extension
    const char* says;            ///< what the result is, and what is measured: a few sentences
    const char* not_reproduced;  ///< what the model does not have of it
    /// Collective. Makes the runs, and adds findings and the figure; the same on every rank and for
    /// any number of ranks.
    void (*measure)(const ClassicJobs& jobs, ClassicResult& result);
};

struct ClassicResult {
    const Classic* classic = nullptr;
    std::vector<Finding> findings;
    report::Chart figure;
    double seconds = 0.0;  ///< the only member that differs from run to run

    bool holds() const;
    void add(std::string quantity, double measured, double reference, double tolerance,
             Relation relation = Relation::equal);
};

/// All results, field by field.
std::span<const Classic* const> classics();
/// Those of a field; of all where `field` is empty.
std::vector<const Classic*> classics_of(const std::string& field);

/// Collective. Measures one result in memory; nothing is written but a temporary folder.
ClassicResult measure(const Classic& classic, const mpi::Communicator& comm);

/// Not collective. All numbers for other programs; the same bytes for any number of ranks.
std::string to_json(const std::vector<ClassicResult>& results);
/// Not collective. A page with the tables and figures of results.
report::Document classics_document(const std::vector<ClassicResult>& results);
/// A number of a table: 9 significant digits, without a trailing "e+00".
std::string number_text(double value);
/// "<= 5", ">= 1" or "1.2062302".
std::string reference_text(const Finding& finding);

}  // namespace motley::experiment
