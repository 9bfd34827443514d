// Where progress goes.
#pragma once

namespace motley {

struct Console {
    bool quiet = false;     ///< no progress lines
    bool terminal = false;  ///< one line that redraws, else plain lines
};

}  // namespace motley
