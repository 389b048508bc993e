// Package strictmath has the functions of doubles whose last digit Java defines
// (StrictMath is fdlibm) where Go's or the C library's differs, and a decimal
// logarithm that is rounded correctly, as the JVM's is on every input tried.
//
// The functions follow fdlibm 5.3 (netlib.org/fdlibm), which came with this
// notice:
//
//	Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
//
//	Developed at SunSoft, a Sun Microsystems, Inc. business.
//	Permission to use, copy, modify, and distribute this software is freely
//	granted, provided that this notice is preserved.
//
// Where the compiler fuses a product and a sum (arm64) a last digit may differ.
package strictmath
