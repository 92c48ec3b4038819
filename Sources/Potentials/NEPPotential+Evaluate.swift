import Atomistics

extension NEPPotential {
  /// Atoms that one piece of work takes; fixed, so that the bits do not depend on the threads.
  private static let chunk = 16

  /// Energies, forces **F**_i = Σ_p (**f**_p − **f**_reverse(p)) over the pairs p that begin at i,
  /// and the stress (1/V) Σ_p **f**_p ⊗ **r**_p.
  public func evaluate(_ structure: Structure, neighbors: NeighborList) -> Evaluation {
    let count = structure.count
    precondition(neighbors.atomCount == count, "the list belongs to the structure")
    precondition(neighbors.cutoff >= cutoff, "the list reaches as far as the potential")
    var energies = [Double](repeating: 0, count: count)
    var forces = [Vector3](repeating: .zero, count: count)
    var virials = [Matrix3](repeating: .zero, count: count)
    energies.withUnsafeMutableBufferPointer { energies in
      forces.withUnsafeMutableBufferPointer { forces in
        virials.withUnsafeMutableBufferPointer { virials in
          let output = Output(
            energies: energies.baseAddress!, forces: forces.baseAddress!,
            virials: virials.baseAddress!)
          fill(output, structure, neighbors)
        }
      }
    }
    let sum = virials.reduce(Matrix3.zero, +)
    let stress = (0.5 / structure.volume) * (sum + sum.transpose)
    return Evaluation(energies: energies, forces: forces, stress: stress)
  }

  private struct Output {
    let energies: UnsafeMutablePointer<Double>
    let forces: UnsafeMutablePointer<Vector3>
    let virials: UnsafeMutablePointer<Matrix3>
  }

  private func fill(_ output: Output, _ structure: Structure, _ list: NeighborList) {
    let species = structure.species.map { index(of: $0) }
    let present = Array(Set(species)).sorted()
    var place = [Int](repeating: 0, count: header.species.count)
    for (slot, type) in present.enumerated() { place[type] = slot }
    let slots = species.map { place[$0] }
    let size = NEPSizes(self)
    let norms = FlatTable(count: size.harmonicStride) { table in
      for (k, norm) in invariants.harmonics.norms.enumerated() { table[k] = norm }
    }
    let pairForces = UnsafeMutablePointer<Vector3>.allocate(capacity: max(1, list.pairCount))
    defer { pairForces.deallocate() }
    structure.positions.withUnsafeBufferPointer { positions in
      list.offsets.withUnsafeBufferPointer { offsets in
        list.neighbors.withUnsafeBufferPointer { neighbors in
          list.images.withUnsafeBufferPointer { images in
            species.withUnsafeBufferPointer { species in
              slots.withUnsafeBufferPointer { slots in
                present.withUnsafeBufferPointer { present in
                  run(
                    NEPKernel(
                      potential: self, size: size, norms: norms,
                      matrix: structure.lattice.matrix, positions: positions.baseAddress!,
                      offsets: offsets.baseAddress!, neighbors: neighbors.pointer,
                      images: images.pointer, species: species.baseAddress!,
                      slots: slots.baseAddress!, present: present, energies: output.energies,
                      pairForces: pairForces, virials: output.virials),
                    count: structure.count, speciesPresent: present.count)
                }
              }
            }
          }
        }
      }
    }
    sumForces(pairForces, list, into: output.forces)
  }

  private func run(_ kernel: NEPKernel, count: Int, speciesPresent: Int) {
    let chunk = Self.chunk
    parallelFor(chunks: (count + chunk - 1) / chunk, threads: threads) { index in
      let atoms = (index * chunk)..<min(count, (index + 1) * chunk)
      let most = atoms.lazy.map { kernel.offsets[$0 + 1] - kernel.offsets[$0] }.max() ?? 0
      let scratch = NEPScratch(kernel.size, neighbors: most, speciesPresent: speciesPresent)
      for i in atoms { kernel.evaluate(i, scratch) }
      scratch.deallocate()
    }
  }

  private func sumForces(
    _ pairForces: UnsafePointer<Vector3>, _ list: NeighborList,
    into forces: UnsafeMutablePointer<Vector3>
  ) {
    list.reverse.withUnsafeBufferPointer { reverse in
      for i in 0..<list.atomCount {
        var sum = Vector3.zero
        for p in list.pairs(of: i) { sum += pairForces[p] - pairForces[Int(reverse[p])] }
        forces[i] = sum
      }
    }
  }
}

extension UnsafeBufferPointer {
  /// The first element's address; for an empty buffer one that nobody follows.
  fileprivate var pointer: UnsafePointer<Element> {
    baseAddress ?? UnsafePointer(bitPattern: MemoryLayout<Element>.alignment)!
  }
}
