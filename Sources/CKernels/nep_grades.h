// Extrapolation grades: max_k |sum_m h_m A^-1_mk| of the hidden outputs h of a centre.

INLINE float *next_row(int neurons, const ik_grading *grading, int slot) {
  return grading->hidden + (long)(slot * IK_BLOCK + grading->waiting[slot]) * neurons;
}

// Grades the rows that wait of one slot. Rows of A^-1 are padded with zeros as the neurons are; each
// row's sums have an order of their own, so that its grade does not depend on which others wait.
static void grade_block(const ik_nep_model *model, ik_grading *grading, int slot) {
  enum { GROUP = W == 16 ? 5 : 2 };
  int neurons = model->neurons;
  const float *inverse = model->active_inverse + (long)slot * neurons * neurons;
  const float *hidden = grading->hidden + (long)slot * IK_BLOCK * neurons;
  vf most[IK_BLOCK];
#pragma unroll
  for (int b = 0; b < IK_BLOCK; ++b) most[b] = all_single(0);
  for (int first = 0; first < neurons; first += GROUP * W) {
    vf shares[GROUP][IK_BLOCK];
    int vectors = (neurons - first) / W < GROUP ? (neurons - first) / W : GROUP;
#pragma unroll
    for (int v = 0; v < GROUP; ++v)
#pragma unroll
      for (int b = 0; b < IK_BLOCK; ++b) shares[v][b] = all_single(0);
    for (int m = 0; m < neurons; ++m) {
      const float *row = inverse + (long)m * neurons + first;
      vf h[IK_BLOCK];
#pragma unroll
      for (int b = 0; b < IK_BLOCK; ++b) h[b] = all_single(hidden[b * neurons + m]);
#pragma unroll
      for (int v = 0; v < GROUP; ++v) {
        if (v >= vectors) continue;
        vf column = load_single(row + v * W);
#pragma unroll
        for (int b = 0; b < IK_BLOCK; ++b) shares[v][b] = FMA(h[b], column, shares[v][b]);
      }
    }
#pragma unroll
    for (int v = 0; v < GROUP; ++v)
#pragma unroll
      for (int b = 0; b < IK_BLOCK; ++b)
        most[b] = __builtin_elementwise_max(most[b], __builtin_elementwise_abs(shares[v][b]));
  }
  for (int b = 0; b < grading->waiting[slot]; ++b) {
    float grade = 0;
    for (int k = 0; k < W; ++k) grade = most[b][k] > grade ? most[b][k] : grade;
    grading->grades[grading->atoms[slot][b]] = grade;
  }
  grading->waiting[slot] = 0;
}

INLINE void enter_row(const ik_nep_model *model, ik_grading *grading, int slot, int32_t atom) {
  grading->atoms[slot][grading->waiting[slot]++] = atom;
  if (grading->waiting[slot] == IK_BLOCK) grade_block(model, grading, slot);
}

static void grade(const ik_nep_model *model, ik_grading *grading) {
  for (int slot = 0; slot < model->species; ++slot)
    if (grading->waiting[slot]) grade_block(model, grading, slot);
}
