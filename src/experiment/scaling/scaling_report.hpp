// report.html of a scaling experiment.
#pragma once

#include <string>

#include "motley/experiment/scaling/scaling.hpp"
#include "motley/record/record.hpp"
#include "motley/report/document.hpp"

namespace motley::experiment {

report::Document scaling_document(const std::string& name, const ScalingResult& result,
                                  const record::Provenance& provenance);

}  // namespace motley::experiment
