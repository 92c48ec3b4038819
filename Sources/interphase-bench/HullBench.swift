import Atomistics
import Thermodynamics

/// Building the diagram of a table and the hull distance of every entry.
struct HullBench {
  struct Result: Encodable {
    let entries: Int
    let components: Int
    let stable: Int
    /// Building alone, and building with all hull distances.
    let building_s: [Double]
    let all_s: [Double]
    let hullDistances_eV_per_atom: [Double]
  }

  let table: EntryTable
  let repeats: Int

  func run() throws -> Result {
    let elements = elements(of: table)
    let (building, _) = try timed(repeats) { try diagram(of: table, elements) }
    let (all, distances) = try timed(repeats) {
      try diagram(of: table, elements).hullDistances()
    }
    return Result(
      entries: table.entries.count, components: elements.count,
      stable: distances.count { $0 < 1e-9 }, building_s: building, all_s: all,
      hullDistances_eV_per_atom: distances)
  }
}

/// The elements of a table in the order in which they occur.
func elements(of table: EntryTable) -> [Element] {
  var found: [Element] = []
  for entry in table.entries {
    for element in entry.composition.elements where !found.contains(element) {
      found.append(element)
    }
  }
  return found
}

func diagram(of table: EntryTable, _ elements: [Element]) throws -> PhaseDiagram {
  try PhaseDiagram(entries: table.entries, basis: ComponentBasis(elements: elements))
}
