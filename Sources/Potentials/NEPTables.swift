import Atomistics
import CKernels

/// A model's numbers cut down to the species that are present and laid out for the kernel: every
/// number of a pair of species stands beside those of the other species of the neighbour.
final class NEPTables: @unchecked Sendable {
  // Unchecked because of the pointers only: nothing writes after `init`.
  private(set) var model = ik_nep_model()
  /// A copy of `model` at a fixed address.
  let pointer: UnsafeMutablePointer<ik_nep_model>
  private var blocks: [UnsafeMutableRawPointer] = []

  private static let lanes = Int(IK_LANES)

  /// - Parameter present: the model's numbers of the species, at most `IK_LANES` of them.
  init(_ potential: NEPPotential, present: [Int]) {
    precondition(present.count <= Self.lanes, "validated before")
    pointer = .allocate(capacity: 1)
    let header = potential.header
    let neurons = Self.whole(header.neurons)
    model.species = Int32(present.count)
    model.radial_count = Int32(header.radialCount)
    model.radial_basis = Int32(header.radialBasis + 1)
    model.angular_count = Int32(header.angularCount)
    model.angular_basis = Int32(header.angularBasis + 1)
    model.maximum_l = Int32(header.maximumL)
    model.has_four_body = header.hasFourBody ? 1 : 0
    model.has_five_body = header.hasFiveBody ? 1 : 0
    model.descriptors = Int32(header.descriptorCount)
    model.neurons = Int32(neurons)
    model.bias = potential.network.bias
    let layout = Layout(potential: potential, present: present, neurons: neurons)
    model.tables_single = ik_tables_single(
      radial: expansion(layout.radial), angular: expansion(layout.angular),
      inverse_cutoffs: inverseCutoffs(layout), norms: norms(layout), network: network(layout))
    model.tables_double = ik_tables_double(
      radial: expansion(layout.radial), angular: expansion(layout.angular),
      inverse_cutoffs: inverseCutoffs(layout), norms: norms(layout), network: network(layout))
    model.radial_reach = reach(layout, angular: false)
    model.angular_reach = reach(layout, angular: true)
    if let zbl = potential.repulsion { fillRepulsion(zbl, present) }
    if let set = potential.activeSet {
      model.active_inverse = inverses(set, present.map { header.species[$0] }, neurons)
    }
    pointer.initialize(to: model)
  }

  deinit {
    for block in blocks { block.deallocate() }
    pointer.deallocate()
  }

  private static func whole(_ n: Int) -> Int { (n + lanes - 1) / lanes * lanes }

  private func table<Number: BinaryFloatingPoint>(
    _ count: Int, _ fill: (UnsafeMutablePointer<Number>) -> Void
  ) -> UnsafePointer<Number> {
    let capacity = count + Self.lanes
    let block = UnsafeMutableRawPointer.allocate(
      byteCount: capacity * MemoryLayout<Number>.stride, alignment: 64)
    blocks.append(block)
    let memory = block.bindMemory(to: Number.self, capacity: capacity)
    memory.initialize(repeating: 0, count: capacity)
    fill(memory)
    return UnsafePointer(memory)
  }

  /// What is laid out.
  private struct Layout {
    let potential: NEPPotential
    let present: [Int]
    let neurons: Int

    var radial: Expansion {
      let header = potential.header
      let c = potential.coefficients
      return Expansion(
        present: present, functions: header.radialCount, polynomials: header.radialBasis + 1,
        factor: c.radialFactor)
    }
    var angular: Expansion {
      let header = potential.header
      let c = potential.coefficients
      return Expansion(
        present: present, functions: header.angularCount, polynomials: header.angularBasis + 1,
        factor: c.angularFactor)
    }
  }

  private struct Expansion {
    let present: [Int]
    let functions: Int
    let polynomials: Int
    let factor: (_ i: Int, _ j: Int, _ n: Int, _ k: Int) -> Double
  }

  /// g_n/f_c = Σ_k c_nk [T_k + 1]/2 as Σ_k c'_nk T_k: c'_k = c_k/2, and c'_0 = c_0 + Σ_{k>0} c_k/2.
  private func expansion<Number: BinaryFloatingPoint>(
    _ e: Expansion
  ) -> UnsafePointer<Number> {
    table(e.present.count * e.functions * e.polynomials * Self.lanes) { memory in
      for (a, i) in e.present.enumerated() {
        for n in 0..<e.functions {
          let row = memory + (a * e.functions + n) * e.polynomials * Self.lanes
          for (b, j) in e.present.enumerated() {
            var constant = e.factor(i, j, n, 0)
            for k in 1..<max(e.polynomials, 1) {
              let half = 0.5 * e.factor(i, j, n, k)
              constant += half
              row[k * Self.lanes + b] = Number(half)
            }
            row[b] = Number(constant)
          }
        }
      }
    }
  }

  private func inverseCutoffs<Number: BinaryFloatingPoint>(
    _ layout: Layout
  ) -> UnsafePointer<Number> {
    let present = layout.present
    return table(present.count * 2 * Self.lanes) { memory in
      for (a, i) in present.enumerated() {
        for part in 0..<2 {
          // The slots that are not taken belong to no atom; any range does.
          for b in 0..<Self.lanes {
            let j = present[min(b, present.count - 1)]
            memory[(2 * a + part) * Self.lanes + b] = Number(
              1 / layout.potential.coefficients.cutoff(i, j, angular: part == 1))
          }
        }
      }
    }
  }

  private func reach(_ layout: Layout, angular: Bool) -> UnsafePointer<Float> {
    table(layout.present.count) { memory in
      for (a, i) in layout.present.enumerated() {
        let ranges = layout.present.map {
          layout.potential.coefficients.cutoff(i, $0, angular: angular)
        }
        memory[a] = Float(ranges.max()! * ranges.max()!)
      }
    }
  }

  private func norms<Number: BinaryFloatingPoint>(_ layout: Layout) -> UnsafePointer<Number> {
    let invariants = layout.potential.invariants
    let (norms, channels) = (invariants.harmonics.norms, invariants.channels)
    return table(norms.count * channels) { memory in
      for lm in 0..<norms.count {
        for n in 0..<channels { memory[lm * channels + n] = Number(norms.base[lm]) }
      }
    }
  }

  private func network<Number: BinaryFloatingPoint>(_ layout: Layout) -> UnsafePointer<Number> {
    let header = layout.potential.header
    let (inputs, neurons) = (Self.whole(header.descriptorCount), layout.neurons)
    return table(layout.present.count * (inputs + 2) * neurons) { memory in
      for (a, species) in layout.present.enumerated() {
        let base = memory + a * (inputs + 2) * neurons
        let (w0, b0, w1) = layout.potential.network.weights(species: species)
        for neuron in 0..<header.neurons {
          for d in 0..<header.descriptorCount {
            base[d * neurons + neuron] = Number(w0(neuron, d))
          }
          base[inputs * neurons + neuron] = Number(b0[neuron])
          base[(inputs + 1) * neurons + neuron] = Number(w1[neuron])
        }
      }
    }
  }

  private func inverses(
    _ set: ActiveSet, _ present: [Element], _ neurons: Int
  ) -> UnsafePointer<Float> {
    table(present.count * neurons * neurons) { memory in
      for (slot, element) in present.enumerated() {
        let inverse = set.inverse(of: element)
        let base = memory + slot * neurons * neurons
        for m in 0..<set.neurons {
          for k in 0..<set.neurons { base[m * neurons + k] = Float(inverse[m, k]) }
        }
      }
    }
  }

  private func fillRepulsion(_ zbl: ZBL, _ present: [Int]) {
    model.has_repulsion = 1
    var reach: [Float] = []
    model.repulsion = table(present.count * 11 * Self.lanes) { memory in
      for (a, i) in present.enumerated() {
        var longest = 0.0
        for (b, j) in present.enumerated() {
          let row = zbl.row(i, j)
          let numbers =
            [row[1], 1 / max(row[1] - row[0], 1e-6)]
            + (0..<4).map { row[2 + 2 * $0] } + (0..<4).map { row[3 + 2 * $0] * row[11] }
            + [row[10]]
          for (k, number) in numbers.enumerated() {
            memory[(a * 11 + k) * Self.lanes + b] = number
          }
          longest = max(longest, row[1])
        }
        reach.append(Float(longest * longest))
      }
    }
    model.repulsion_reach = table(present.count) { for (k, r) in reach.enumerated() { $0[k] = r } }
  }
}
