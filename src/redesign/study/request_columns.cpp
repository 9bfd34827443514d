// One row per result of the requests of a workflow. All outputs use this table.
#include "motley/redesign/study/result_columns.hpp"

namespace motley::redesign {
namespace {

using report::NumberFormat;
using Object = JsonObject;

constexpr NumberFormat general{};
constexpr NumberFormat three{NumberFormat::Notation::fixed, 3};

using R = const RequestRow&;

constexpr ResultColumn<RequestRow> requests[] = {
    {{"design", "", "name"}, [](R r) { return r.design.name; }},
    {{"workflow", "", "name"},
     [](R r) { return r.request.name; },
     {},
     {ResultTable::requests, "workflow"}},
    {{"latency", "s", "mean time of a request without waits, at least", "at most"},
     [](R r) { return r.request.latency; },
     {Object::item, "latency_s"},
     {ResultTable::requests, "without waits, at least", three, nullptr, "at most"}},
    {{"latency_with_waits", "s", "the same with the mean waits, at least", "at most"},
     [](R r) { return r.request.with_waits; },
     {Object::item, "latency_with_waits_s"},
     {ResultTable::requests, "with waits, at least", three, nullptr, "at most"}},
    {{"latency_p95", "s", "95 % of the requests take no longer, an upper bound"},
     [](R r) { return r.request.p95; },
     {Object::item, "latency_p95_at_most_s"},
     {ResultTable::requests, "95 % are within", three}},
    {{"latency_limit", "s", "condition on the time without waits; nan: none"},
     [](R r) { return r.request.limit.value_or(fleet::unknown); },
     {Object::item, "latency_limit_s"},
     {ResultTable::requests, "limit", general}},
    {{"quality", "1", "at the end of a request"},
     [](R r) { return r.request.quality; },
     {Object::item, "quality"},
     {ResultTable::requests, "quality", three}},
    {{"price_per_1000", "$", "of 1,000 requests"},
     [](R r) { return r.request.price_per_thousand; },
     {Object::item, "price_per_1000_requests"},
     {ResultTable::requests, "price of 1,000", three}},
};

}  // namespace

std::span<const ResultColumn<RequestRow>> request_columns() {
    return requests;
}

}  // namespace motley::redesign
