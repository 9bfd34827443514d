// Rules of change that differ from the common ones: how capabilities are learned, and what keeps
// agents from giving up a task.
#pragma once

namespace motley::model {

/// What learning follows.
enum class LearningRule {
    doing,    ///< what a task earns, h = q y
    marginal  ///< what the system gains per unit of A = a^p, h = q y / A
};

/// The rules of one step; symbols of docs/model.md.
struct ChangeRules {
    LearningRule learning = LearningRule::doing;
    double floor = 0.0;     ///< phi: A is at least phi times its mean over the tasks
    double mutation = 0.0;  ///< eps: share of an allocation that is spread evenly in each step
};

}  // namespace motley::model
