// Options of how progress is printed.
#pragma once

namespace motley {

struct Console {
    bool quiet = false;     ///< no progress lines
    bool terminal = false;  ///< redraw one line instead of printing plain lines
};

}  // namespace motley
