import Atomistics
import Testing
import Thermodynamics

/// The hull by enumerating every simplex of entries, with nothing clever.
func bruteForceEnergy(
  of target: [Double], entries: [(amounts: [Double], energy: Double)]
) -> Double {
  var lowest = Double.infinity
  let n = target.count
  func choose(_ start: Int, _ chosen: [Int]) {
    if !chosen.isEmpty, let x = combination(chosen.map { entries[$0].amounts }, target) {
      lowest = min(lowest, zip(chosen, x).reduce(0) { $0 + entries[$1.0].energy * $1.1 })
    }
    guard chosen.count < n else { return }
    for next in start..<max(start, entries.count) { choose(next + 1, chosen + [next]) }
  }
  choose(0, [])
  return lowest
}

/// Non-negative x with Σ x_j v_j = b by Gaussian elimination; nil if there is none or the vectors
/// are dependent (then a smaller set of them does it).
private func combination(_ vectors: [[Double]], _ b: [Double]) -> [Double]? {
  let (rows, count) = (b.count, vectors.count)
  var a = (0..<rows).map { i in vectors.map { $0[i] } + [b[i]] }
  for k in 0..<count {
    let pivot = (k..<rows).max { abs(a[$0][k]) < abs(a[$1][k]) }!
    guard abs(a[pivot][k]) > 1e-9 else { return nil }
    a.swapAt(k, pivot)
    for i in 0..<rows where i != k {
      let factor = a[i][k] / a[k][k]
      for j in k...count { a[i][j] -= factor * a[k][j] }
    }
  }
  guard (count..<rows).allSatisfy({ abs(a[$0][count]) < 1e-9 }) else { return nil }
  let x = (0..<count).map { a[$0][count] / a[$0][$0] }
  return x.allSatisfy { $0 > -1e-9 } ? x : nil
}

/// A small random system: elements at 0, compounds of small whole numbers, so that many are
/// collinear, coplanar or of one composition; energies on a coarse grid, so that many tie.
struct RandomSystem {
  let elements: [Element]
  let entries: [ComputedEntry]

  init(_ generator: inout RandomGenerator, size: Int, count: Int) {
    elements = (0..<size).map { Element(["Li", "P", "S", "Cl", "B"][$0])! }
    let all = elements
    var entries = all.map {
      ComputedEntry(
        formula: $0.symbol, composition: Composition([($0, 1)]), energyPerAtom: 0)
    }
    while entries.count < size + count {
      let composition = Composition(
        all.map { ($0, Double(Int(generator.uniform() * 4))) })
      guard composition.atomCount > 0 else { continue }
      let coarse = (generator.uniform() * 10).rounded() / 10 - 0.7
      let energy = generator.uniform() < 0.5 ? coarse : generator.uniform() - 0.8
      entries.append(
        ComputedEntry(
          formula: composition.formula, composition: composition, energyPerAtom: energy))
    }
    self.entries = entries
  }

  func amounts(_ entry: ComputedEntry) -> [Double] { elements.map { entry.composition[$0] } }
}

@Suite struct BruteForceTests {
  @Test(arguments: 0..<60)
  func hullDistancesOfSmallSystems(seed: Int) throws {
    var generator = RandomGenerator(seed: UInt64(seed), stage: "hull")
    let size = 2 + seed % 3
    let system = RandomSystem(&generator, size: size, count: size == 4 ? 9 : 12)
    let diagram = try PhaseDiagram(
      entries: system.entries, basis: ComponentBasis(elements: system.elements))
    #expect(diagram.excluded.isEmpty)
    for (entry, distance) in zip(diagram.entries, try diagram.hullDistances()) {
      #expect(abs(try diagram.hullDistance(of: entry) - distance) < 1e-12)
    }
    for (entry, equilibrium) in zip(diagram.entries, try diagram.equilibria()) {
      // The chemical potentials support it: nothing lies below them, the phases lie on them.
      let worth = { (composition: Composition) in
        zip(system.elements, equilibrium.chemicalPotentials)
          .reduce(0) { composition[$1.0] > 0 ? $0 + composition[$1.0] * $1.1 : $0 }
      }
      #expect(abs(worth(entry.composition) - equilibrium.energy) < 1e-10)
      for phase in equilibrium.phases {
        #expect(abs(worth(phase.entry.composition) - phase.entry.energy) < 1e-10)
      }
      for other in system.entries
      where other.composition.elementSet.isSubset(of: entry.composition.elementSet) {
        #expect(other.energy > worth(other.composition) - 1e-10)
      }
    }
    for entry in system.entries {
      let hull = bruteForceEnergy(
        of: system.amounts(entry),
        entries: system.entries.map { (system.amounts($0), $0.energy) })
      let expected = (entry.energy - hull) / entry.atomCount
      let distance = try diagram.hullDistance(of: entry)
      #expect(abs(distance - expected) < 1e-9, "\(entry.formula)")
      // What it decomposes into has its composition and the hull's energy.
      let phases = try diagram.decomposition(of: entry.composition).phases
      for element in system.elements {
        let sum = phases.reduce(0) { $0 + $1.amount * $1.entry.composition[element] }
        #expect(abs(sum - entry.composition[element]) < 1e-9)
      }
      #expect(abs(phases.reduce(0) { $0 + $1.amount * $1.entry.energy } - hull) < 1e-8)
    }
  }

  /// Between break points the equilibrium at any voltage, asked for on its own, is the step's.
  @Test(arguments: 0..<40)
  func breakPointsAgainstAFineSweep(seed: Int) throws {
    var generator = RandomGenerator(seed: UInt64(seed), stage: "profile")
    let system = RandomSystem(&generator, size: 3 + seed % 3, count: 25)
    let basis = try ComponentBasis(elements: system.elements)
    let diagram = try PhaseDiagram(entries: system.entries, basis: basis)
    let target = Composition(system.elements.map { ($0, 1 + Double(Int(generator.uniform() * 3))) })
    let profile = try UptakeProfile(
      of: target, in: diagram, workingIon: system.entries[0], reference: 0)
    #expect(profile.steps.first?.from == 0)
    #expect(profile.steps.last?.to == nil)
    for (low, high) in zip(profile.steps, profile.steps.dropFirst()) {
      #expect(low.to == high.from)
      #expect(low.uptake > high.uptake)
    }
    for k in 0...120 {
      let voltage = Double(k) * 0.0411 + 0.0001
      let open = try diagram.opened(
        to: OpenSpecies(element: system.elements[0], voltage: voltage, reference: 0))
      let hull = try open.decomposition(of: target)
      let own = voltage * target[system.elements[0]]
      #expect(
        abs(profile.decompositionEnergy(at: voltage, energy: 0) - (hull.energy - own)) < 1e-8)
      let nearBreak = profile.steps.contains { abs($0.from - voltage) < 1e-6 }
      if !nearBreak {
        let uptake = hull.openAmount - target[system.elements[0]]
        #expect(abs(profile.step(at: voltage).uptake - uptake) < 1e-7)
      }
    }
  }

  /// The sweep's cheapest equilibrium, again by enumeration: nothing of the linear program in it.
  @Test(arguments: 0..<20)
  func openHullByEnumeration(seed: Int) throws {
    var generator = RandomGenerator(seed: UInt64(seed), stage: "open")
    let system = RandomSystem(&generator, size: 3, count: 10)
    let basis = try ComponentBasis(elements: system.elements)
    let diagram = try PhaseDiagram(entries: system.entries, basis: basis)
    let target = Composition(system.elements.map { ($0, 1) })
    let profile = try UptakeProfile(
      of: target, in: diagram, workingIon: system.entries[0], reference: 0)
    for voltage in [0.0, 0.31, 0.77, 1.5, 4.2] {
      let closed = system.entries.compactMap { entry -> (amounts: [Double], energy: Double)? in
        let all = system.amounts(entry)
        guard all.dropFirst().contains(where: { $0 > 0 }) else { return nil }
        return (Array(all.dropFirst()), entry.energy + voltage * all[0])
      }
      let hull = bruteForceEnergy(of: [1, 1], entries: closed)
      #expect(
        abs(profile.decompositionEnergy(at: voltage, energy: 0) - (hull - voltage)) < 1e-9)
    }
  }
}
