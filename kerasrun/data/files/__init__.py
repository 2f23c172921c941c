"""Files of rows, whatever source they serve: arrays, pictures, tables."""
