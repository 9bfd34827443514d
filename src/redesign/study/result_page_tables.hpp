// The tables on the page of a redesign.
#pragma once

#include <vector>

#include "motley/redesign/study/result_columns.hpp"
#include "motley/report/document.hpp"

namespace motley::redesign {

/// The fleet that is recommended and the one that is there, side by side.
report::PageTable verdict_table(const job::Redesign& job, const RedesignResult& result);
report::PageTable designs_table(const job::Redesign& job, const RedesignResult& result);
report::PageTable costs_table(const job::Redesign& job, const RedesignResult& result);
/// A row per design with the price of a million units of each class.
report::PageTable unit_price_table(const job::Redesign& job, const RedesignResult& result);
report::PageTable gains_table(const job::Redesign& job, const RedesignResult& result);
/// A row per design with the worth of one more device of each type.
report::PageTable worth_table(const job::Redesign& job, const RedesignResult& result);
report::PageTable network_table(const job::Redesign& job, const RedesignResult& result);
/// The designs that are pipelines, and their stages.
report::PageTable pipelines_table(const job::Redesign& job, const RedesignResult& result);
report::PageTable stages_table(const job::Redesign& job, const RedesignResult& result);
report::PageTable fabric_table(const RedesignResult& result);
/// A row per design and workflow: how long a request takes.
report::PageTable requests_table(const RedesignResult& result);
report::PageTable flips_table(const job::Redesign& job, const RedesignResult& result);
/// Each rate that is used, where it comes from and how it was measured.
report::PageTable rates_table(const job::Redesign& job);
/// Heterogeneity of the allocations, and what devices as agents reach.
report::PageTable theory_table(const job::Redesign& job, const RedesignResult& result);

/// Types that some design has, at most `most`, the first ones.
std::vector<std::size_t> types_in_use(const job::Redesign& job, const RedesignResult& result,
                                      std::size_t most);

}  // namespace motley::redesign
