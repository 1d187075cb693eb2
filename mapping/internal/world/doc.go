// Package world is the workspace that the tests of the mapping and of the packages below it share.
package world
