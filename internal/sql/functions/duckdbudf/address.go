package duckdbudf

var addressUDFs = []udf{}
