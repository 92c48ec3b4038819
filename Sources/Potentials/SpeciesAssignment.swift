/// Which of a model's species each atom is, in memory that the kernel reads without checks.
///
/// | name | shape |
/// |---|---|
/// | `species`: the model's number of each atom's species | atoms |
/// | `slots`: its place among the species that are present | atoms |
/// | `present`: the species that are present, ascending | `presentCount` |
struct SpeciesAssignment {
  let species: UnsafePointer<Int>
  let slots: UnsafePointer<Int>
  let present: UnsafePointer<Int>
  let presentCount: Int
  private let memory: UnsafeMutablePointer<Int>

  /// From the model's species of each atom.
  init(_ atoms: [Int]) {
    let distinct = Set(atoms).sorted()
    let count = atoms.count
    memory = UnsafeMutablePointer<Int>.allocate(capacity: 2 * count + distinct.count + 1)
    var place: [Int: Int] = [:]
    for (slot, species) in distinct.enumerated() {
      place[species] = slot
      memory[2 * count + slot] = species
    }
    for (atom, number) in atoms.enumerated() {
      memory[atom] = number
      memory[count + atom] = place[number, default: 0]
    }
    species = UnsafePointer(memory)
    slots = UnsafePointer(memory + count)
    present = UnsafePointer(memory + 2 * count)
    presentCount = distinct.count
  }

  func deallocate() { memory.deallocate() }
}
