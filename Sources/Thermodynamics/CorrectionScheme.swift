/// Which corrections the energies of a table carry.
///
/// - `mp2020`: Wang et al., Sci. Rep. 11, 15496 (2021), doi 10.1038/s41598-021-94550-5.
/// - `legacy`: the Materials Project's corrections before 2020.
/// - `uncorrected`: the functional's energies as they are.
public enum CorrectionScheme: String, Sendable, Codable, CaseIterable {
  case mp2020, legacy, uncorrected
}
