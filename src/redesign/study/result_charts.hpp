// The charts of a redesign's page.
#pragma once

#include <cstddef>

#include "motley/redesign/study/study.hpp"
#include "motley/report/document.hpp"

namespace motley::redesign {

/// Price to serve of each design against the price of one device, as a ratio to now.
report::Chart flip_chart(const job::Redesign& job, const RedesignResult& result, std::size_t type);
/// Price and throughput of the fleets of the front, and of the designs, of which those that are
/// dominated are grey.
report::Chart front_chart(const job::Redesign& job, const RedesignResult& result);
/// Theta of each design with its interval, and the demand.
report::Chart theta_chart(const RedesignResult& result);
/// Theta of each design after the worst loss of each part.
report::Chart losses_chart(const RedesignResult& result);

}  // namespace motley::redesign
