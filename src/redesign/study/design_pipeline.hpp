// A design whose class is a pipeline: stages on the hosts of its fabric, which pass units on.
#pragma once

#include "design_fabric.hpp"
#include "motley/redesign/serving/serving.hpp"
#include "motley/redesign/study/study.hpp"

namespace motley::redesign {

/// Whether the class of the job is a pipeline; it is the only class then.
inline bool is_pipeline(const job::Redesign& job) {
    return !job.pipelines.empty();
}

/// The stages of the design `spec` on the fabric of its topology. The hosts of the system are its
/// stages: their type numbers tell unlike stages apart, and a coordinator from all of them.
DesignFabric pipeline_fabric(const job::Redesign& job, const job::DesignSpec& spec);

/// What is left of the stages on a fabric, in multiples of the demand; nothing where the
/// coordinator is lost. The outcome has bounds, loads, prices and the dearest channel.
serving::Outcome serve_pipeline(const DesignFabric& design, const fabric::FabricGraph& left);

/// The throughput of the whole pipeline, its stages and what limits it.
PipelineResult pipeline_result(const job::Redesign& job, const DesignFabric& design,
                               serving::Outcome& whole);

/// Puts the results of stages in the place of those of the fleet alone: power, losses, bottleneck.
/// A gain over a fleet of one type is not known.
void limit_by_pipeline(const job::Redesign& job, DesignResult& design);

}  // namespace motley::redesign
