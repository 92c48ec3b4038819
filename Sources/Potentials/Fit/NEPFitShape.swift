import Atomistics
import CKernels

/// The shape of a model that is being fitted, and where its parameters stand.
///
/// | symbol | place in the array of parameters | shape |
/// |---|---|---|
/// | w0, b0, w1, ε | `network(of:)`, one per species | descriptors × neurons, neurons, neurons, 1 |
/// | c^R | `radial` | species × species × n × k |
/// | c^A | `angular` | species × species × n × k |
///
/// c are factors of T_k(x), g_n = f_c Σ_k c_nk T_k; a file's are those of (T_k + 1)/2.
final class NEPFitShape: @unchecked Sendable {
  // Unchecked because of the pointers only: nothing writes after `init`.
  let header: NEPHeader
  /// Neurons padded to whole blocks of eight.
  let neurons: Int
  let networkStride: Int
  let radial: Int
  let angular: Int
  let count: Int
  private let memory: UnsafeMutablePointer<Float>
  let model: UnsafeMutablePointer<ik_fit_model>
  private let scaleOffset: Int

  init(_ header: NEPHeader) {
    self.header = header
    let types = header.species.count
    let inputs = header.descriptorCount
    neurons = Self.whole(header.neurons)
    networkStride = inputs * neurons + 2 * neurons + 8
    radial = types * networkStride
    angular = radial + Self.whole(types * types * header.radialCount * (header.radialBasis + 1))
    count = angular + Self.whole(types * types * header.angularCount * (header.angularBasis + 1))
    let harmonics = RealHarmonics(maximumL: header.maximumL)
    scaleOffset = 2 * types * types + harmonics.count
    memory = .allocate(capacity: scaleOffset + inputs)
    for i in 0..<types {
      for j in 0..<types {
        let pair = 2 * (i * types + j)
        memory[pair] = Float(2 / (header.radialCutoffs[i] + header.radialCutoffs[j]))
        memory[pair + 1] = Float(2 / (header.angularCutoffs[i] + header.angularCutoffs[j]))
      }
    }
    for k in 0..<harmonics.count {
      memory[2 * types * types + k] = Float(harmonics.norms.base[k])
    }
    for d in 0..<inputs { memory[scaleOffset + d] = 1 }
    model = .allocate(capacity: 1)
    model.initialize(
      to: ik_fit_model(
        species: Int32(types), radial_count: Int32(header.radialCount),
        radial_basis: Int32(header.radialBasis + 1), angular_count: Int32(header.angularCount),
        angular_basis: Int32(header.angularBasis + 1), maximum_l: Int32(header.maximumL),
        has_four: header.hasFourBody ? 1 : 0, has_five: header.hasFiveBody ? 1 : 0,
        descriptors: Int32(inputs), neurons: Int32(neurons),
        inverse_cutoffs: UnsafePointer(memory),
        norms: UnsafePointer(memory + 2 * types * types),
        scale: UnsafePointer(memory + scaleOffset), network_stride: networkStride,
        radial_offset: radial, angular_offset: angular))
  }

  deinit {
    model.deallocate()
    memory.deallocate()
  }

  /// The factors that bring the components of the descriptor to one size.
  var scale: [Float] {
    get { (0..<header.descriptorCount).map { memory[scaleOffset + $0] } }
    set { for (d, s) in newValue.enumerated() { memory[scaleOffset + d] = s } }
  }

  func network(of species: Int) -> Int { species * networkStride }

  private static func whole(_ n: Int) -> Int { (n + 7) / 8 * 8 }
}
