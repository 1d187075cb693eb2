package importer

func newXLSXSource(in *Input) (source, error) {
	return nil, in.fault("XLS001", "workbooks are not read yet", "save the sheet as CSV UTF-8")
}
