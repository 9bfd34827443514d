#include "manual.hpp"

#include <CLI/CLI.hpp>

namespace motley::cli {
namespace {

/// Returns the text with escapes, so that troff takes it literally.
std::string literal(const std::string& text) {
    std::string out;
    if (!text.empty() && (text[0] == '.' || text[0] == '\'')) out = "\\&";
    for (const char c : text) {
        if (c == '\\') {
            out += "\\e";
        } else if (c == '-') {
            out += "\\-";
        } else {
            out += c;
        }
    }
    return out;
}

/// Returns "-n, --ranks INT" with the flags in bold, or a positional argument in italics.
std::string head_of(const CLI::Option& option) {
    std::string text;
    const auto add = [&](const std::string& flag) {
        text += (text.empty() ? "\\fB" : ", \\fB") + literal(flag) + "\\fR";
    };
    for (const auto& name : option.get_snames()) add("-" + name);
    for (const auto& name : option.get_lnames()) add("--" + name);
    if (text.empty()) return "\\fI" + literal(option.get_name()) + "\\fR";
    const bool takes = option.get_items_expected_max() > 0 && !option.get_type_name().empty();
    return takes ? text + " \\fI" + literal(option.get_type_name()) + "\\fR" : text;
}

std::string entries_of(const CLI::App& command) {
    std::string text;
    for (const CLI::Option* option : command.get_options()) {
        text += ".TP\n" + head_of(*option) + "\n" + literal(option->get_description()) + "\n";
    }
    return text;
}

std::string synopsis_of(const CLI::App& command) {
    std::string text = ".B motley " + literal(command.get_name()) + "\n";
    for (const CLI::Option* option : command.get_options()) {
        if (!option->get_snames().empty() || !option->get_lnames().empty()) continue;
        text += ".I " + literal(option->get_name()) + "\n";
    }
    return text + "[options]\n.br\n";
}

constexpr const char* rest = R"(.SH EXIT STATUS
.TP
.B 0
Done. Where the gap that was asked for was not reached, status.json says so.
.TP
.B 1
.B motley classics:
a result does not come out;
.B motley compare\-results:
the results differ.
.TP
.B 2
The command line or the job file is wrong.
.TP
.B 3
Input data are wrong; of a comparison: at least one run failed.
.TP
.B 70
An internal error, or a failed selftest.
.TP
.B 74
The disk or the memory is full.
.TP
.B 75
Set aside at a checkpoint: run the same again, or
.BR "motley resume" .
.SH FILES
.TP
.I results/NAME/
Results of the job NAME: run.h5, series.csv, report.html, status.json, log.txt, and checkpoint/ while there
is more to do.
.SH ENVIRONMENT
.TP
.B MOTLEY_TOPOLOGIES
A folder of named topologies, besides those in folders above the job file and those installed.
.SH SIGNALS
SIGUSR1, SIGUSR2 and SIGTERM lead to a checkpoint and exit status 75.
.SH SEE ALSO
.BR mpirun (1),
.BR sbatch (1)
)";

}  // namespace

std::string manual_page(const CLI::App& app) {
    std::string text = ".\\\" Written by `motley man`.\n.TH MOTLEY 1\n.SH NAME\n";
    text += "motley \\- simulate and optimise distributed production systems on MPI clusters\n";
    text += ".SH SYNOPSIS\n.B mpirun \\-n\n.I RANKS\n.B motley\n.I COMMAND\n[options]\n.br\n";
    for (const CLI::App* command : app.get_subcommands({})) text += synopsis_of(*command);
    text += ".SH OPTIONS\n" + entries_of(app) + ".SH COMMANDS\n";
    for (const CLI::App* command : app.get_subcommands({})) {
        text += ".SS motley " + literal(command->get_name()) + "\n" +
                literal(command->get_description()) + ".\n" + entries_of(*command);
    }
    return text + rest;
}

}  // namespace motley::cli
