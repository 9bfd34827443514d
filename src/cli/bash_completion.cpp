#include <CLI/CLI.hpp>

#include "manual.hpp"

namespace motley::cli {
namespace {

void append(std::string& list, const std::string& word) {
    list += (list.empty() ? "" : " ") + word;
}

/// All names of an option in the forms "--name" and "-n".
std::vector<std::string> flags_of(const CLI::Option& option) {
    std::vector<std::string> all;
    for (const auto& name : option.get_snames()) all.push_back("-" + name);
    for (const auto& name : option.get_lnames()) all.push_back("--" + name);
    return all;
}

/// The fixed values "a b" of an option with the type "TEXT:{a,b}"; empty where it takes any value.
std::string values_of(const CLI::Option& option) {
    const std::string type = option.get_type_name();
    const auto begin = type.find('{');
    const auto end = type.find('}');
    if (begin == std::string::npos || end == std::string::npos) return "";
    std::string values = type.substr(begin + 1, end - begin - 1);
    for (char& c : values) c = c == ',' ? ' ' : c;
    return values;
}

/// The branch of `case $command` for one command.
std::string branch(const CLI::App& command) {
    std::string options, values, words;
    bool folders = false;
    for (const CLI::Option* option : command.get_options()) {
        const auto flags = flags_of(*option);
        if (flags.empty()) {
            words = values_of(*option);
            folders = option->get_name().ends_with("DIR");
            continue;
        }
        for (const auto& flag : flags) append(options, flag);
        const std::string fixed = values_of(*option);
        if (!fixed.empty()) {
            values += "                " + flags.back() + ") words=\"" + fixed + "\" ;;\n";
        }
    }
    std::string text = "        " + command.get_name() + ")\n            options=\"" + options +
                       "\"\n            words=\"" + words + "\"\n";
    if (folders) text += "            folders=-d\n";
    if (!values.empty()) text += "            case $previous in\n" + values + "            esac\n";
    return text + "            ;;\n";
}

}  // namespace

std::string bash_completion(const CLI::App& app) {
    std::string commands, branches, options;
    for (const CLI::Option* option : app.get_options()) {
        for (const auto& flag : flags_of(*option)) append(options, flag);
    }
    for (const CLI::App* command : app.get_subcommands({})) {
        append(commands, command->get_name());
        branches += branch(*command);
    }
    return R"(# bash completion of motley, written by `motley completion bash`

_motley() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
    local command=${COMP_WORDS[1]} options words folders=
    ((COMP_CWORD > 1)) || command=
    case $command in
        "")
            options=")" +
           options + R"("
            words=")" +
           commands + R"("
            ;;
)" + branches +
           R"(        *) return ;;
    esac
    if [[ $current == -* ]]; then words=$options; fi
    if [[ -n $words ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
    else
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen ${folders:--f} -- "$current")
    fi
}
complete -F _motley motley
)";
}

}  // namespace motley::cli
