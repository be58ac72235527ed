"""Files from elsewhere: tables of codes, and maps as GeoJSON, Shapefile or GeoPackage."""
