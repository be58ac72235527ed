// The desk without a mouse, and its live rows.
export {};
