// Package problem says what is wrong with a mapping, a file's columns or an option, all at once and each with its place
// and the lines that would help, and finds the names that were probably meant.
package problem
