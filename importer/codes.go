package importer

// Codes explains the stable codes of rows that are refused for what the workspace holds: the record that a row means
// (REC), and those that it refers to (REF).
var Codes = map[string]string{
	"REC001": "mode update found no record to update",
	"REC002": "the workspace has no record of the row's record_id",
	"REC003": "the row's record_id is blank, and no attribute to find its record by was chosen",
	"REC004": "the row has no value of the attribute that its record is found by",
	"REC005": "the row has no unique value, and the import requires one",
	"REF001": "the record that the cell refers to does not exist",
	"REF002": "the record that the cell refers to does not exist, and could not be created",
	"REF004": "several records have the value by which the cell refers to one",
}
