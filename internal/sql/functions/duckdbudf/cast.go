package duckdbudf

var castUDFs = []udf{}
