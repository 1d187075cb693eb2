// Package workbook reads an .xlsx file as a stream of typed cells.
//
// A cell comes with what it is (text, a number, a truth value, a date) and where it stands: Line is the sheet's row,
// Column the sheet's column, both from 1. Dates and times come in ISO form, numbers as a spreadsheet shows them without
// their format, formulas as the result that was stored with them. Only the shared strings of the book are kept in
// memory.
//
// The caller owns the file behind a Book, and closes it after the last Rows. Neither a Book nor its Rows may be used by
// several goroutines at once.
package workbook
