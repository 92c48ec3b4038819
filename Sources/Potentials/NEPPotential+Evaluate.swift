import Atomistics

extension NEPPotential {
  /// Atoms that one piece of work takes; fixed, so that the bits do not depend on the threads.
  private static let chunk = 16

  /// Energies, forces **F**_i = Σ_p (**f**_p − **f**_reverse(p)) over the pairs p that begin at i,
  /// and the stress (1/V) Σ_p **f**_p ⊗ **r**_p.
  public func evaluate(_ structure: Structure, neighbors: NeighborList) -> Evaluation {
    guard let activeSet else { return evaluate(structure, neighbors, hidden: nil) }
    var hidden = [Double](repeating: 0, count: structure.count * network.neurons)
    let result = hidden.withUnsafeMutableBufferPointer {
      evaluate(structure, neighbors, hidden: $0.baseAddress)
    }
    return result.graded(activeSet.grades(of: hidden, species: structure.species))
  }

  /// The outputs h_μ = tanh z_μ of the hidden layer, a row of `header.neurons` for each atom.
  ///
  /// - Throws: as `evaluate(_:)` does.
  public func activations(of structure: Structure) throws -> [Double] {
    try structure.validate(minimumDistance: 0.2)
    try validate(Set(structure.species))
    var hidden = [Double](repeating: 0, count: structure.count * network.neurons)
    hidden.withUnsafeMutableBufferPointer {
      _ = evaluate(
        structure, NeighborList(structure, cutoff: cutoff), hidden: $0.baseAddress)
    }
    return hidden
  }

  private func evaluate(
    _ structure: Structure, _ neighbors: NeighborList, hidden: UnsafeMutablePointer<Double>?
  ) -> Evaluation {
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
            virials: virials.baseAddress!, hidden: hidden, descriptors: nil)
          fill(output, structure, neighbors)
        }
      }
    }
    let sum = virials.reduce(Matrix3.zero, +)
    let stress = (0.5 / structure.volume) * (sum + sum.transpose)
    return Evaluation(energies: energies, forces: forces, stress: stress)
  }

  /// Where results go; nothing is written to energies, forces and virials if descriptors are wanted.
  struct Output {
    let energies: UnsafeMutablePointer<Double>
    let forces: UnsafeMutablePointer<Vector3>
    let virials: UnsafeMutablePointer<Matrix3>
    let hidden: UnsafeMutablePointer<Double>?
    let descriptors: UnsafeMutablePointer<Double>?
  }

  func fill(_ output: Output, _ structure: Structure, _ list: NeighborList) {
    let assignment = SpeciesAssignment(structure.species.map { index(of: $0) })
    let pairForces = UnsafeMutablePointer<Vector3>.allocate(capacity: max(1, list.pairCount))
    defer {
      assignment.deallocate()
      pairForces.deallocate()
    }
    structure.positions.withUnsafeBufferPointer { positions in
      list.offsets.withUnsafeBufferPointer { offsets in
        list.neighbors.withUnsafeBufferPointer { neighbors in
          list.images.withUnsafeBufferPointer { images in
            list.reverse.withUnsafeBufferPointer { reverse in
              run(
                NEPKernel(
                  potential: self, size: NEPSizes(self), matrix: structure.lattice.matrix,
                  positions: positions.pointer, offsets: offsets.pointer,
                  neighbors: neighbors.pointer, images: images.pointer,
                  reverse: reverse.pointer, assignment: assignment, energies: output.energies,
                  forces: output.forces, pairForces: pairForces, virials: output.virials,
                  hidden: output.hidden, descriptors: output.descriptors),
                count: structure.count)
            }
          }
        }
      }
    }
  }

  private func run(_ kernel: NEPKernel, count: Int) {
    let chunks = (count + Self.chunk - 1) / Self.chunk
    @Sendable func atoms(_ chunk: Int) -> Range<Int> {
      (chunk * Self.chunk)..<min(count, (chunk + 1) * Self.chunk)
    }
    parallelFor(chunks: chunks, threads: threads) { chunk in
      let atoms = atoms(chunk)
      let most = atoms.lazy.map { kernel.offsets[$0 + 1] - kernel.offsets[$0] }.max() ?? 0
      let scratch = NEPScratch(
        kernel.size, neighbors: most, speciesPresent: kernel.assignment.presentCount)
      defer { scratch.deallocate() }
      guard kernel.descriptors == nil else {
        for i in atoms { kernel.describe(i, scratch) }
        return
      }
      for i in atoms { kernel.evaluate(i, scratch) }
    }
    guard kernel.descriptors == nil else { return }
    parallelFor(chunks: chunks, threads: threads) { chunk in
      for i in atoms(chunk) { kernel.sumForces(i) }
    }
  }
}

extension UnsafeBufferPointer {
  /// The first element's address; for an empty buffer one that nobody follows.
  fileprivate var pointer: UnsafePointer<Element> {
    baseAddress ?? UnsafePointer(bitPattern: MemoryLayout<Element>.alignment)!
  }
}
