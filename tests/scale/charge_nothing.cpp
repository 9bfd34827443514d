// Against a real MPI work takes the time that it takes.
#include "charge.hpp"

namespace motley::scale {

WorkCosts& costs() {
    static WorkCosts costs;
    return costs;
}

double charged_seconds(int) {
    return 0.0;
}

}  // namespace motley::scale
