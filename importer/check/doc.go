// Package check says what an import of a file would do, without asking Attio for a record and without a write.
//
// File reads the whole file with the code of the import and counts; of each kind of mistake it keeps three examples.
// Its memory does not grow with the file but by some 24 bytes for each value of a unique attribute. What Attio alone
// knows is left open and named in Report.Unproven: whether records that rows refer to exist, and whether a unique value
// is taken.
//
// Each finding has a stable code: of a row that cannot be read, of a cell that cannot be converted, or one of Codes:
// values that stand twice, and what a spreadsheet has probably damaged, which is only warned of.
package check
