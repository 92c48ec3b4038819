import Atomistics

/// Energy of one centre after another and its slopes along the pairs that begin there.
///
/// For centre i it finds U_i and, for each pair p = i → j, **f**_p = ∂U_i/∂**r**_ij. Centres do not
/// see each other, so chunks of them may run at once.
struct NEPKernel: @unchecked Sendable {
  // Unchecked because of the pointers only: a centre writes its own energy, virial and pairs.
  let potential: NEPPotential
  let size: NEPSizes
  let matrix: Matrix3
  let positions: UnsafePointer<Vector3>
  let offsets: UnsafePointer<Int>
  let neighbors: UnsafePointer<Int32>
  let images: UnsafePointer<SIMD3<Int32>>
  let reverse: UnsafePointer<Int32>
  let assignment: SpeciesAssignment

  let energies: UnsafeMutablePointer<Double>
  let forces: UnsafeMutablePointer<Vector3>
  let pairForces: UnsafeMutablePointer<Vector3>
  let virials: UnsafeMutablePointer<Matrix3>
  /// Rows of the hidden layer's outputs, one per atom, if they are wanted.
  let hidden: UnsafeMutablePointer<Double>?
  /// Rows of the scaled descriptors, one per atom; where they are wanted there are no energies.
  let descriptors: UnsafeMutablePointer<Double>?

  /// Fills the descriptor of atom i, and the hidden layer's outputs if they are wanted.
  func describe(_ i: Int, _ s: NEPScratch) {
    guard let descriptors else { return }
    let count = gather(i, s)
    radialValues(i, count, s)
    angularValues(i, count, s)
    let network = potential.network
    let row = descriptors + i * network.inputs
    for d in 0..<network.inputs { row[d] = potential.descriptorScale[d] * s.q[d] }
    if let hidden {
      network.activations(
        species: assignment.species[i], s.q, into: hidden + i * network.neurons)
    }
  }

  /// Fills the outputs of atom i and its pairs.
  func evaluate(_ i: Int, _ s: NEPScratch) {
    let count = gather(i, s)
    radialValues(i, count, s)
    angularValues(i, count, s)
    energies[i] = potential.network.evaluate(species: assignment.species[i], s.q, slopes: s.qSlopes)
    if let hidden {
      let network = potential.network
      network.activations(
        species: assignment.species[i], s.q, into: hidden + i * network.neurons)
    }
    radialForces(i, count, s)
    angularForces(i, count, s)
    if let zbl = potential.repulsion { repel(i, count, s, zbl) }
    var virial = Matrix3.zero
    for j in 0..<count {
      let f = pairForces[s.pair[j]]
      let r = s.distance[j] * s.direction[j]
      virial.rows.0 += f.x * r
      virial.rows.1 += f.y * r
      virial.rows.2 += f.z * r
    }
    virials[i] = virial
  }

  /// **F**_i = Σ_p (**f**_p − **f**_reverse(p)), once all centres are done.
  func sumForces(_ i: Int) {
    var sum = Vector3.zero
    for p in offsets[i]..<offsets[i + 1] { sum += pairForces[p] - pairForces[Int(reverse[p])] }
    forces[i] = sum
  }

  /// Lists the neighbours within the longest range; their pair forces become zero.
  private func gather(_ i: Int, _ s: NEPScratch) -> Int {
    let origin = positions[i]
    let longest = potential.cutoff * potential.cutoff
    var count = 0
    for p in offsets[i]..<offsets[i + 1] {
      pairForces[p] = .zero
      let j = Int(neighbors[p])
      let image = images[p]
      var r = positions[j] - origin
      if image != .zero {
        r += Vector3(Double(image.x), Double(image.y), Double(image.z)) * matrix
      }
      let squared = r.lengthSquared
      if squared < longest {
        let length = squared.squareRoot()
        s.pair[count] = p
        s.species[count] = assignment.species[j]
        s.slot[count] = assignment.slots[j]
        s.distance[count] = length
        s.direction[count] = r / length
        count += 1
      }
    }
    return count
  }

  /// Sums f_k over the neighbours of each species, then contracts with c: the coefficients are
  /// touched once per species, not once per neighbour.
  private func radialValues(_ i: Int, _ count: Int, _ s: NEPScratch) {
    let c = potential.coefficients
    let firstPair = assignment.species[i] * c.speciesCount
    for k in 0..<(assignment.presentCount * size.radialStride) { s.radialSums[k] = 0 }
    for j in 0..<count {
      let range = c.cutoffs.base[2 * (firstPair + s.species[j])]
      guard s.distance[j] < range else { continue }
      chebyshevBasis(
        at: s.distance[j], cutoff: range, count: size.radialBasis, values: s.basis,
        slopes: s.radialSlopes + j * size.radialStride)
      let sums = s.radialSums + s.slot[j] * size.radialStride
      for k in 0..<size.radialBasis { sums[k] += s.basis[k] }
    }
    for n in 0..<size.radialCount { s.q[n] = 0 }
    for slot in 0..<assignment.presentCount {
      let sums = s.radialSums + slot * size.radialStride
      let table = c.radial.base + (firstPair + assignment.present[slot]) * c.radialStride
      for n in 0..<size.radialCount {
        var sum = SIMD4<Double>.zero
        var k = 0
        while k < size.radialStride {
          sum += load4(table + n * size.radialStride + k) * load4(sums + k)
          k += 4
        }
        s.q[n] += (sum[0] + sum[1]) + (sum[2] + sum[3])
      }
    }
  }

  /// A_nlm = Σ_j g_n(r) Y_lm, and the invariants made of them.
  private func angularValues(_ i: Int, _ count: Int, _ s: NEPScratch) {
    let c = potential.coefficients
    let firstPair = assignment.species[i] * c.speciesCount
    let harmonics = potential.invariants.harmonics
    let rows = size.channels * size.harmonicStride
    for k in 0..<rows { s.a[k] = 0 }
    for j in 0..<count {
      let pair = firstPair + s.species[j]
      let range = c.cutoffs.base[2 * pair + 1]
      guard s.distance[j] < range else { continue }
      chebyshevBasis(
        at: s.distance[j], cutoff: range, count: size.angularBasis, values: s.basis,
        slopes: s.basisSlopes)
      contract(c.angular.base + pair * c.angularStride, j, s)
      let y = s.harmonics + j * size.harmonicStride
      harmonics.values(s.direction[j], into: y, work: s.work + j * size.workspace)
      let g = s.g + j * size.channelStride
      for n in 0..<size.channels {
        let weight = SIMD4<Double>(repeating: g[n])
        let row = s.a + n * size.harmonicStride
        var k = 0
        while k < size.harmonicStride {
          store4(load4(row + k) + weight * load4(y + k), row + k)
          k += 4
        }
      }
    }
    let norms = harmonics.norms.base
    for n in 0..<size.channels {
      let row = s.a + n * size.harmonicStride
      for k in 0..<size.harmonicCount { row[k] *= norms[k] }
    }
    potential.invariants.values(s.a, stride: size.harmonicStride, into: s.q + size.radialCount)
  }

  /// g_n and g_n' of neighbour j from the basis functions.
  @inline(__always)
  private func contract(_ table: UnsafePointer<Double>, _ j: Int, _ s: NEPScratch) {
    var n = 0
    while n < size.channelStride {
      var (g, slope) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
      for k in 0..<size.angularBasis {
        let c = load4(table + k * size.channelStride + n)
        g += s.basis[k] * c
        slope += s.basisSlopes[k] * c
      }
      store4(g, s.g + j * size.channelStride + n)
      store4(slope, s.gSlopes + j * size.channelStride + n)
      n += 4
    }
  }

  /// dU/dr = Σ_k (Σ_n dU/dq_n c_nk) f_k'(r), the inner sum once per species of neighbour.
  private func radialForces(_ i: Int, _ count: Int, _ s: NEPScratch) {
    let c = potential.coefficients
    let firstPair = assignment.species[i] * c.speciesCount
    for slot in 0..<assignment.presentCount {
      let weights = s.radialSums + slot * size.radialStride
      let table = c.radial.base + (firstPair + assignment.present[slot]) * c.radialStride
      var k = 0
      while k < size.radialStride {
        var sum = SIMD4<Double>.zero
        for n in 0..<size.radialCount {
          sum += s.qSlopes[n] * load4(table + n * size.radialStride + k)
        }
        store4(sum, weights + k)
        k += 4
      }
    }
    for j in 0..<count {
      guard s.distance[j] < c.cutoffs.base[2 * (firstPair + s.species[j])] else { continue }
      let weights = s.radialSums + s.slot[j] * size.radialStride
      let slopes = s.radialSlopes + j * size.radialStride
      var sum = SIMD4<Double>.zero
      var k = 0
      while k < size.radialStride {
        sum += load4(weights + k) * load4(slopes + k)
        k += 4
      }
      let slope = (sum[0] + sum[1]) + (sum[2] + sum[3])
      pairForces[s.pair[j]] += slope * s.direction[j]
    }
  }

  private func angularForces(_ i: Int, _ count: Int, _ s: NEPScratch) {
    let c = potential.coefficients
    let firstPair = assignment.species[i] * c.speciesCount
    let harmonics = potential.invariants.harmonics
    potential.invariants.slopes(
      s.a, stride: size.harmonicStride, q: s.q + size.radialCount,
      weights: s.qSlopes + size.radialCount, into: s.aSlopes)
    let norms = harmonics.norms.base
    for n in 0..<size.channels {
      let row = s.aSlopes + n * size.harmonicStride
      for k in 0..<size.harmonicCount { row[k] *= norms[k] }
    }
    for j in 0..<count {
      guard s.distance[j] < c.cutoffs.base[2 * (firstPair + s.species[j]) + 1] else { continue }
      let along = weigh(j, s)
      let u = s.direction[j]
      let free = harmonics.gradient(s.value, work: s.work + j * size.workspace)
      let across = (free - free.dot(u) * u) / s.distance[j]
      pairForces[s.pair[j]] += along * u + across
    }
  }

  /// Fills `value` with Σ_n g_n dU/dA_nlm and gives Σ_nlm g_n' dU/dA_nlm Y_lm.
  @inline(__always)
  private func weigh(_ j: Int, _ s: NEPScratch) -> Double {
    let g = s.g + j * size.channelStride
    let gSlopes = s.gSlopes + j * size.channelStride
    let y = s.harmonics + j * size.harmonicStride
    var along = SIMD4<Double>.zero
    var k = 0
    while k < size.harmonicStride {
      var (value, slope) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
      for n in 0..<size.channels {
        let d = load4(s.aSlopes + n * size.harmonicStride + k)
        value += g[n] * d
        slope += gSlopes[n] * d
      }
      store4(value, s.value + k)
      along += slope * load4(y + k)
      k += 4
    }
    return (along[0] + along[1]) + (along[2] + along[3])
  }

  private func repel(_ i: Int, _ count: Int, _ s: NEPScratch, _ zbl: ZBL) {
    for j in 0..<count {
      guard
        let (energy, slope) = zbl.evaluate(assignment.species[i], s.species[j], at: s.distance[j])
      else { continue }
      // Each of the two centres of a pair has half of it.
      energies[i] += 0.5 * energy
      pairForces[s.pair[j]] += (0.5 * slope) * s.direction[j]
    }
  }
}
