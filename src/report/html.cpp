// The document as HTML that is well-formed XML too.
#include "html.hpp"

#include <fmt/format.h>

#include "chart.hpp"
#include "fabric_picture.hpp"
#include "markup.hpp"
#include "motley/core/error.hpp"
#include "network_picture.hpp"
#include "page_table.hpp"

namespace motley::report {
namespace {

/// Numbers figures and tables through the whole document.
class Writer {
  public:
    std::string section(const Section& section, std::size_t number) {
        std::string out = fmt::format("<section id=\"section-{}\">\n<h2>{}</h2>\n", number,
                                      escape(section.heading));
        for (const auto& text : section.paragraphs) out += paragraph(text);
        bool grid = false;
        for (const auto& item : section.items) {
            const bool figure = !std::holds_alternative<PageTable>(item);
            if (figure != grid) out += figure ? "<div class=\"figures\">\n" : "</div>\n";
            grid = figure;
            out += std::visit([&](const auto& it) { return write(it); }, item);
        }
        return out + (grid ? "</div>\n" : "") + "</section>\n";
    }

    static std::string paragraph(const std::string& text) {
        return "<p>" + escape(text) + "</p>\n";
    }

  private:
    static std::string caption(const char* what, int number, const std::string& title,
                               const std::string& text) {
        return fmt::format("<b>{} {}. {}.</b>{}{}", what, number, escape(title),
                           text.empty() ? "" : " ", escape(text));
    }

    /// The numbers of figure `number`.
    static std::string data(const PageTable& table, int number) {
        return fmt::format(
            "<details><summary>Data</summary>\n{}</details>\n",
            table_html(table, escape(table.caption), fmt::format("data-{}", number)));
    }

    std::string write(const PageTable& table) {
        const int number = ++tables_;
        return table_html(table, caption("Table", number, table.title, table.caption),
                          fmt::format("table-{}", number));
    }
    std::string write(const Chart& chart) {
        const int number = ++figures_;
        return fmt::format(
            "<figure id=\"figure-{}\"{} data-x=\"{}\" data-y=\"{}\">\n{}<figcaption>{}"
            "</figcaption>\n{}</figure>\n",
            number, chart.wide ? " class=\"wide\"" : "", escape(name_of(chart.x)),
            escape(name_of(chart.y)), chart_svg(chart, std::to_string(number), false),
            caption("Figure", number, chart.title, chart.caption), data(chart_data(chart), number));
    }
    std::string write(const NetworkPicture& graph) {
        const int number = ++figures_;
        return fmt::format(
            "<figure id=\"figure-{}\">\n{}<figcaption>{}</figcaption>\n{}</figure>\n", number,
            graph_svg(graph, false), caption("Figure", number, graph.title, graph.caption),
            data(graph_data(graph), number));
    }
    std::string write(const FabricPicture& fabric) {
        const int number = ++figures_;
        const FabricDrawing drawing = draw(fabric);
        return fmt::format(
            "<figure id=\"figure-{}\"{}>\n{}<figcaption>{}</figcaption>\n{}</figure>\n", number,
            drawing.width > half_width ? " class=\"wide\"" : "", fabric_svg(fabric, drawing, false),
            caption("Figure", number, fabric.title, fabric_caption(fabric, drawing)),
            data(fabric_data(fabric), number));
    }
    static std::string name_of(const Axis& axis) {
        return axis.unit.empty() ? axis.label : axis.label + " (" + axis.unit + ")";
    }

    int figures_ = 0;
    int tables_ = 0;
};

std::string head(const Document& document) {
    return fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n"
        "<meta charset=\"utf-8\"/>\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
        "style-src 'unsafe-inline'; script-src 'unsafe-inline'\"/>\n"
        "<title>{}</title>\n<style>\n{}</style>\n</head>\n",
        escape(document.title), style_sheet);
}

std::string contents(const Document& document) {
    if (document.sections.size() < 3) return "";
    std::string out = "<nav aria-label=\"Contents\"><ol>\n";
    for (std::size_t s = 0; s < document.sections.size(); ++s) {
        out += fmt::format("<li><a href=\"#section-{}\">{}</a></li>\n", s + 1,
                           escape(document.sections[s].heading));
    }
    return out + "</ol></nav>\n";
}

std::string provenance(const Document& document) {
    if (document.provenance.empty()) return "";
    std::string out = "<footer>\n<h2>Provenance</h2>\n<dl>\n";
    for (const auto& [name, value] : document.provenance) {
        const bool block = value.find('\n') != std::string::npos;
        out += fmt::format("<dt>{}</dt><dd>{}{}{}</dd>\n", escape(name), block ? "<pre>" : "",
                           escape(value), block ? "</pre>" : "");
    }
    return out + "</dl>\n</footer>\n";
}

}  // namespace

std::string to_html(const Document& document) {
    Writer writer;
    std::string out =
        head(document) + "<body>\n<main>\n<header>\n<h1>" + escape(document.title) + "</h1>\n";
    for (const auto& text : document.abstract) out += Writer::paragraph(text);
    out += "</header>\n" + contents(document);
    for (std::size_t s = 0; s < document.sections.size(); ++s) {
        out += writer.section(document.sections[s], s + 1);
    }
    out += provenance(document) + "</main>\n<script>\n//<![CDATA[\n";
    return out + script + "//]]>\n</script>\n</body>\n</html>\n";
}

}  // namespace motley::report
