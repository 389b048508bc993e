package iceberg

import (
	"fmt"
	"math/big"

	"github.com/apache/arrow-go/v18/arrow/decimal128"
)

// decimal128Bits are those of the library's decimals without the sign.
const decimal128Bits = 127

func decimal128Of(n *big.Int) (decimal128.Num, error) {
	if n.BitLen() > decimal128Bits {
		return decimal128.Num{}, fmt.Errorf("decimal %s is too large", n)
	}
	return decimal128.FromBigInt(n), nil
}
