package functions

const uuidFamily = "UUID"

var uuids = []Function{
	{Name: "uuid", Volatile: true, Doc: "A random UUID.", Example: "uuid()",
		Sigs: []Signature{{Text: "() -> uuid", Emit: T("uuid()")}}},
}
