"""OneGrid 一张网: one platform for the grassroots governance of a county."""
