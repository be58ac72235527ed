// My grid: the own place once, on a tap; an address as one types.
import { locate } from "../shared/_locate";
import { places } from "../shared/_places";

locate();
places();
