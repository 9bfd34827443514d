// Errors: they say what is wrong and where, and decide the exit code of the program.
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <utility>

namespace motley {

/// The kind decides the exit code of the program (docs/operations.md).
enum class ErrorKind {
    usage = 2,      ///< command line or job file
    input = 3,      ///< data files: graphs, tables, partitions
    internal = 70,  ///< a broken promise of motley itself
    storage = 74,   ///< disk or memory
};

/// Place in a text file. Lines and columns are counted from 1; 0 means unknown.
struct Where {
    std::string file;
    std::int64_t line = 0;
    std::int64_t column = 0;

    /// `file:line:column: `, as far as it is known; empty when nothing is known.
    std::string prefix() const;
};

/// The exception type of motley. `what()` is the whole message: place, cause, next step.
class Error : public std::exception {
  public:
    Error(ErrorKind kind, const std::string& message, Where where = {});

    const char* what() const noexcept override { return text_.c_str(); }
    ErrorKind kind() const noexcept { return kind_; }
    int exit_code() const noexcept { return static_cast<int>(kind_); }
    const Where& where() const noexcept { return where_; }

    /// Rank on which the error happened; -1 when the rank does not matter or is not known.
    int rank() const noexcept { return rank_; }
    void set_rank(int rank) noexcept { rank_ = rank; }
    /// Agent that the error concerns; -1 when there is none.
    std::int64_t agent() const noexcept { return agent_; }
    void set_agent(std::int64_t agent) noexcept { agent_ = agent; }

    /// True when every rank throws this same error, so that all ranks can leave without an abort.
    bool everywhere() const noexcept { return everywhere_; }
    void set_everywhere() noexcept { everywhere_ = true; }

  private:
    ErrorKind kind_;
    Where where_;
    int rank_ = -1;
    std::int64_t agent_ = -1;
    bool everywhere_ = false;
    std::string text_;
};

inline Error usage_error(const std::string& message, Where where = {}) {
    return {ErrorKind::usage, message, std::move(where)};
}
inline Error input_error(const std::string& message, Where where = {}) {
    return {ErrorKind::input, message, std::move(where)};
}
inline Error internal_error(const std::string& message) {
    return {ErrorKind::internal, message};
}
inline Error storage_error(const std::string& message, Where where = {}) {
    return {ErrorKind::storage, message, std::move(where)};
}

}  // namespace motley
