#include "motley/job/batch.hpp"

#include <fmt/format.h>

#include <map>
#include <sstream>

#include "job/batch_template.hpp"
#include "motley/core/error.hpp"

namespace motley::job {
namespace {

/// The column where the comments of a script begin.
constexpr std::size_t comment_column = 40;

std::string shell_list(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : " ") + shell_word(word);
    return "(" + text + ")";
}

/// A value of the user's in a line of #SBATCH; empty where there is none.
std::string option_word(const std::string& word) {
    return word.empty() ? "" : shell_word(word);
}

std::string array_of(const Batch& batch) {
    if (batch.elements == 0) return "";
    return fmt::format("1-{}{}", batch.elements,
                       batch.throttle > 0 ? fmt::format("%{}", batch.throttle) : "");
}

/// Beginnings of lines, and the text that follows each; a line without a text is commented out.
std::map<std::string, std::string> lines_of(const Batch& batch) {
    return {
        {"#SBATCH --job-name=", shell_word(batch.name)},
        {"#SBATCH --nodes=", std::to_string(batch.nodes)},
        {"#SBATCH --ntasks-per-node=", std::to_string(batch.ranks_per_node)},
        {"#SBATCH --mem-per-cpu=", fmt::format("{}M", batch.megabytes_per_rank)},
        {"#SBATCH --time=", option_word(batch.time)},
        {"#SBATCH --output=", shell_word(batch.log)},
        {"#SBATCH --partition=", option_word(batch.partition)},
        {"#SBATCH --account=", option_word(batch.account)},
        {"#SBATCH --array=", array_of(batch)},
        {"motley=", shell_word(batch.program)},
        {"arguments=", shell_list(batch.arguments)},
        {"launch=", shell_list(batch.launcher)},
        {"requeues=", std::to_string(batch.requeues)},
        {"results=", shell_word(batch.results)},
    };
}

/// The comment at the end of a line of the template, or nothing.
std::string comment_of(const std::string& line) {
    const auto at = line.find(" #");
    return at == std::string::npos ? "" : line.substr(at + 1);
}

std::string with_comment(std::string line, const std::string& comment) {
    if (comment.empty()) return line;
    line.resize(std::max(comment_column, line.size() + 1), ' ');
    return line + comment;
}

}  // namespace

const std::string& batch_template() {
    static const std::string text = batch_template_text;
    return text;
}

std::string batch_time(std::int64_t minutes) {
    return fmt::format("{:02}:{:02}:00", minutes / 60, minutes % 60);
}

std::string batch_path(const std::string& path) {
    std::string text;
    for (const char c : path) {
        if (c == '%') text += '%';
        text += c;
    }
    return text;
}

std::string shell_word(const std::string& word) {
    constexpr const char* plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,+@%";
    if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) return word;
    std::string text = "'";
    for (const char c : word) {
        if (c == '\'') {
            text += "'\\''";
        } else {
            text += c;
        }
    }
    return text + "'";
}

std::string batch_script(const Batch& batch, const std::string& text, const std::string& path) {
    auto open = lines_of(batch);
    std::string script;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
        const bool off = line.starts_with("##SBATCH");
        const std::string given = off ? line.substr(1) : line;
        for (auto at = open.begin(); at != open.end(); ++at) {
            const auto& [begin, value] = *at;
            if (!given.starts_with(begin)) continue;
            line = value.empty() ? "#" + given : with_comment(begin + value, comment_of(given));
            open.erase(at);
            break;
        }
        script += line + "\n";
    }
    std::erase_if(open, [](const auto& line) { return line.second.empty(); });
    if (!open.empty()) {
        throw usage_error(
            "has no line that begins with '" + open.begin()->first +
                "'; start from jobs/slurm/run.sbatch (`motley submit --print-template`)",
            {path});
    }
    return script;
}

}  // namespace motley::job
