package duckdbudf

var regexpUDFs = []udf{}
