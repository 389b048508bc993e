package functions

import "time"

var epoch = time.Unix(0, 0)
