// Reads GML: M. Himsolt, "GML: A portable Graph File Format" (1997): lists of keys with numbers,
// texts or lists as values. Only `graph`, its `node` and `edge` and their ids and properties count.
#include <fmt/format.h>

#include <algorithm>

#include "motley/core/utf8.hpp"
#include "topology/files/property_graph.hpp"

namespace motley::topology {
namespace {

constexpr int deepest_list = 500;  ///< nested lists; no real file comes near this depth

struct Token {
    enum class Kind { end, key, number, text, open, close } kind = Kind::end;
    std::string_view text;  ///< of a text, what stands between its quotes
    std::size_t offset = 0;
};

bool is_space(char c) {
    return is_blank(c) || c == '\n' || c == '\r';
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

class Scanner {
  public:
    explicit Scanner(const TextFile& file) : file_(file), text_(file.text()) {}

    Token next() {
        skip_blanks();
        Token token;
        token.offset = at_;
        if (at_ == text_.size()) return token;
        const char c = text_[at_];
        if (c == '[' || c == ']') {
            token.kind = c == '[' ? Token::Kind::open : Token::Kind::close;
            token.text = text_.substr(at_++, 1);
        } else if (c == '"') {
            const std::size_t end = text_.find('"', at_ + 1);
            if (end == npos) throw error("the quote that opens here does not close", at_);
            token.kind = Token::Kind::text;
            token.text = text_.substr(at_ + 1, end - at_ - 1);
            at_ = end + 1;
        } else if (is_letter(c) || is_digit(c) || c == '-' || c == '+' || c == '.') {
            std::size_t end = at_;
            while (end < text_.size() && !is_space(text_[end]) && text_[end] != '[' &&
                   text_[end] != ']' && text_[end] != '"') {
                end += 1;
            }
            token.kind = is_letter(c) ? Token::Kind::key : Token::Kind::number;
            token.text = text_.substr(at_, end - at_);
            at_ = end;
        } else {
            throw error("neither a key nor a value: " + quote(text_.substr(at_, 1)), at_);
        }
        return token;
    }

    Error error(const std::string& message, std::size_t offset) const {
        return input_error("not well-formed GML: " + message, file_.where(offset));
    }

  private:
    /// Skips blanks and lines that begin with #.
    void skip_blanks() {
        while (at_ < text_.size()) {
            if (is_space(text_[at_])) {
                at_ += 1;
            } else if (text_[at_] == '#' && begins_line()) {
                at_ = std::min(text_.find('\n', at_), text_.size());
            } else {
                return;
            }
        }
    }
    bool begins_line() const {
        const std::size_t begin = text_.rfind('\n', at_);
        const std::size_t first = begin == npos || at_ == 0 ? 0 : begin + 1;
        return trim(text_.substr(first, at_ - first)).empty();
    }

    const TextFile& file_;
    std::string_view text_;
    std::size_t at_ = 0;
};

/// `text` without the entities that stand for quotes and letters beyond ASCII.
std::string plain(std::string_view text) {
    static constexpr std::array<std::pair<std::string_view, char>, 5> entities = {
        {{"&quot;", '"'}, {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&apos;", '\''}}};
    std::string out;
    while (!text.empty()) {
        std::size_t length = 1;
        char letter = text.front();
        if (letter == '&') {
            for (const auto& [entity, stands_for] : entities) {
                if (!text.starts_with(entity)) continue;
                letter = stands_for;
                length = entity.size();
            }
        }
        std::int64_t code = 0;
        const std::size_t end = text.substr(0, 10).find(';');
        const bool numbered = text.starts_with("&#") && end != npos &&
                              parse_number(text.substr(2, end - 2), code) == NumberFault::none &&
                              code > 31 && code < 0x110000 && (code < 0xd800 || code > 0xdfff);
        if (numbered) {
            append_code_point(out, static_cast<std::uint32_t>(code));
            length = end + 1;
        } else {
            out += letter;
        }
        text.remove_prefix(length);
    }
    return out;
}

class GmlReader {
  public:
    GmlReader(const Spec& spec, const TextFile& file)
        : file_(file), scanner_(file), graph_(spec, file) {}

    EdgeTable read() {
        bool found = false;
        each_member(0, true, [&](const Token& key, const Token& value) {
            if (value.kind != Token::Kind::open) return;
            if (key.text != "graph") return skip_list(1);
            if (found) {
                throw input_error(
                    "the file has several graphs; keep one of them, or put each into its own file",
                    file_.where(key.offset));
            }
            found = true;
            read_graph();
        });
        if (!found) throw input_error("the file has no list `graph [ ... ]`", {file_.path()});
        return graph_.finish(directed_ ? Direction::unsaid : Direction::both_ways);
    }

  private:
    /// Calls `take(key, value)` for each member of a list. The contents of a member that is a list
    /// itself must be taken by `take`.
    template <class Take>
    void each_member(std::size_t opened, bool top, Take take) {
        for (;;) {
            const Token key = scanner_.next();
            if (key.kind == Token::Kind::close && !top) return;
            if (key.kind == Token::Kind::end) {
                if (top) return;
                throw scanner_.error("the list is not closed; is the file complete?", opened);
            }
            if (key.kind != Token::Kind::key) {
                throw scanner_.error(key.kind == Token::Kind::close
                                         ? "a bracket closes, but none is open"
                                         : "a key is expected before " + quote(key.text),
                                     key.offset);
            }
            const Token value = scanner_.next();
            if (value.kind == Token::Kind::end || value.kind == Token::Kind::close) {
                throw scanner_.error("the key " + quote(key.text) + " has no value", key.offset);
            }
            take(key, value);
        }
    }

    void skip_list(int depth) {
        for (int open = depth; open > 0;) {
            const Token token = scanner_.next();
            if (token.kind == Token::Kind::end) {
                throw scanner_.error("a list is not closed; is the file complete?", token.offset);
            }
            open += token.kind == Token::Kind::open ? 1 : token.kind == Token::Kind::close ? -1 : 0;
            if (open > deepest_list) {
                throw scanner_.error(
                    fmt::format("lists are nested more than {} deep", deepest_list), token.offset);
            }
        }
    }

    void read_graph() {
        each_member(0, false, [&](const Token& key, const Token& value) {
            const bool list = value.kind == Token::Kind::open;
            if (key.text == "node" && list) return read_node(key.offset);
            if (key.text == "edge" && list) return read_edge(key.offset);
            if (key.text == "directed") directed_ = value.text == "1";
            if (list) skip_list(1);
        });
    }

    struct Member {
        Property property;
        std::string text;
    };

    void read_node(std::size_t offset) {
        std::optional<Token> id;
        std::vector<Member> members;
        each_member(offset, false, [&](const Token& key, const Token& value) {
            if (value.kind == Token::Kind::open) return skip_list(1);
            if (key.text == "id") id = value;
            if (const auto property = node_property(key.text)) {
                members.push_back({*property, plain(value.text)});
            }
        });
        if (!id) throw input_error("node without an id", file_.where(offset));
        graph_.add_node(std::string(id->text), offset);
        for (Member& member : members) graph_.set_node(member.property, std::move(member.text));
    }

    void read_edge(std::size_t offset) {
        std::optional<Token> source, target;
        std::vector<Member> members;
        each_member(offset, false, [&](const Token& key, const Token& value) {
            if (value.kind == Token::Kind::open) return skip_list(1);
            if (key.text == "source") source = value;
            if (key.text == "target") target = value;
            if (const auto property = edge_property(key.text)) {
                members.push_back({*property, std::string(value.text)});
            }
        });
        if (!source || !target) {
            throw input_error(source ? "edge without a target" : "edge without a source",
                              file_.where(offset));
        }
        graph_.add_edge(source->text, target->text, Direction::unsaid, offset);
        for (const Member& member : members) graph_.set_edge(member.property, member.text, false);
    }

    const TextFile& file_;
    Scanner scanner_;
    PropertyGraph graph_;
    bool directed_ = false;
};

}  // namespace

EdgeTable read_gml(const Spec& spec, const TextFile& file) {
    return GmlReader(spec, file).read();
}

}  // namespace motley::topology
