import Atomistics

/// Memory for one centre and its neighbours; each chunk of atoms has its own.
struct NEPScratch {
  // Per neighbour in range.
  let pair: UnsafeMutablePointer<Int>
  let species: UnsafeMutablePointer<Int>
  /// The place of the neighbour's species among those in the structure.
  let slot: UnsafeMutablePointer<Int>
  let direction: UnsafeMutablePointer<Vector3>
  let distance: UnsafeMutablePointer<Double>
  let radialSlopes: UnsafeMutablePointer<Double>
  let g: UnsafeMutablePointer<Double>
  let gSlopes: UnsafeMutablePointer<Double>
  let harmonics: UnsafeMutablePointer<Double>
  let work: UnsafeMutablePointer<Double>

  // Per centre.
  let basis: UnsafeMutablePointer<Double>
  let basisSlopes: UnsafeMutablePointer<Double>
  /// Σ_j f_k(r_ij) per species in the structure; then dU/d of it.
  let radialSums: UnsafeMutablePointer<Double>
  let q: UnsafeMutablePointer<Double>
  let qSlopes: UnsafeMutablePointer<Double>
  let a: UnsafeMutablePointer<Double>
  let aSlopes: UnsafeMutablePointer<Double>
  let value: UnsafeMutablePointer<Double>
  let slope: UnsafeMutablePointer<Double>

  private let doubles: UnsafeMutablePointer<Double>
  private let integers: UnsafeMutablePointer<Int>

  init(_ size: NEPSizes, neighbors: Int, speciesPresent: Int) {
    let n = max(neighbors, 1)
    let perNeighbor =
      1 + size.radialStride + 2 * size.channelStride + size.harmonicStride
      + size.workspace
    let perCentre =
      2 * size.basisStride + speciesPresent * size.radialStride
      + 2 * size.descriptorStride + 2 * size.channels * size.harmonicStride
      + 2 * size.harmonicStride
    let total = n * perNeighbor + perCentre
    let block = UnsafeMutablePointer<Double>.allocate(capacity: total)
    block.initialize(repeating: 0, count: total)
    var next = block
    func take(_ count: Int) -> UnsafeMutablePointer<Double> {
      defer { next += count }
      return next
    }
    distance = take(n)
    radialSlopes = take(n * size.radialStride)
    g = take(n * size.channelStride)
    gSlopes = take(n * size.channelStride)
    harmonics = take(n * size.harmonicStride)
    work = take(n * size.workspace)
    basis = take(size.basisStride)
    basisSlopes = take(size.basisStride)
    radialSums = take(speciesPresent * size.radialStride)
    q = take(size.descriptorStride)
    qSlopes = take(size.descriptorStride)
    a = take(size.channels * size.harmonicStride)
    aSlopes = take(size.channels * size.harmonicStride)
    value = take(size.harmonicStride)
    slope = take(size.harmonicStride)
    doubles = block
    integers = UnsafeMutablePointer<Int>.allocate(capacity: 3 * n)
    pair = integers
    species = integers + n
    slot = integers + 2 * n
    direction = UnsafeMutablePointer<Vector3>.allocate(capacity: n)
  }

  func deallocate() {
    doubles.deallocate()
    integers.deallocate()
    direction.deallocate()
  }
}

/// The lengths of the rows that the kernel works on, whole lanes where lanes are used.
struct NEPSizes {
  let radialCount: Int
  let radialBasis: Int
  let radialStride: Int
  let channels: Int
  let channelStride: Int
  let angularBasis: Int
  let basisStride: Int
  let harmonicCount: Int
  let harmonicStride: Int
  let workspace: Int
  let descriptorStride: Int

  init(_ potential: NEPPotential) {
    let header = potential.header
    radialCount = header.radialCount
    radialBasis = header.radialBasis + 1
    radialStride = padded(radialBasis)
    channels = header.angularCount
    channelStride = padded(channels)
    angularBasis = header.angularBasis + 1
    basisStride = max(radialStride, padded(angularBasis))
    harmonicCount = potential.invariants.harmonics.count
    harmonicStride = padded(harmonicCount)
    workspace = potential.invariants.harmonics.workspace
    descriptorStride = padded(header.descriptorCount)
  }
}
